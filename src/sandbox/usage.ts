import type { Measured } from './usage-meter.ts';

/** What the usage headers say of a request. */
export interface Usage {
  readonly accountId: string;
  readonly isInsights: boolean;
  /** Whose calls are too many, when that is the answer. */
  readonly limited: 'account' | 'app' | undefined;
  /** What a meter has counted; undefined when there are no limits. */
  readonly measured: Measured | undefined;
}

const TIER = 'standard_access';
const TYPES = [
  'ads_insights',
  'ads_management',
  'custom_audience',
  'instagram',
  'leadgen',
  'messenger',
  'pages',
] as const;

/**
 * The usage headers that go with an answer; shares are percent. They stay low unless the account is
 * limited, and then they say that it is free again at once (0 minutes), or the app is.
 */
export function usageHeaders(usage: Usage): Readonly<Record<string, string>> {
  const { measured } = usage;
  const isOver = usage.limited === 'account';
  const percent = isOver ? 100 : (measured?.callPercent ?? 3);
  const score = isOver ? 100 : (measured?.scorePercent ?? 3);
  const app = usage.limited === 'app' ? 100 : 1;
  const tier = measured?.tier ?? TIER;
  const useCases = TYPES.map((type) => ({
    type,
    call_count: isAbout(type, usage) ? percent : 1,
    total_cputime: 2,
    total_time: 2,
    estimated_time_to_regain_access: isAbout(type, usage) ? (measured?.regainMinutes ?? 0) : 0,
    ads_api_access_tier: tier,
  }));
  const throttle = { app_id_util_pct: app, acc_id_util_pct: score, ads_api_access_tier: tier };
  return {
    'x-app-usage': JSON.stringify({ call_count: app, total_time: 1, total_cputime: 1 }),
    'x-ad-account-usage': JSON.stringify({
      acc_id_util_pct: score,
      reset_time_duration: isOver ? 1 : (measured?.resetSeconds ?? 0),
      ads_api_access_tier: tier,
    }),
    'x-business-use-case-usage': JSON.stringify({ [usage.accountId]: useCases }),
    ...(usage.isInsights ? { 'x-fb-ads-insights-throttle': JSON.stringify(throttle) } : {}),
  };
}

function isAbout(type: (typeof TYPES)[number], usage: Usage): boolean {
  return type === (usage.isInsights ? 'ads_insights' : 'ads_management');
}
