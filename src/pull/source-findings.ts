import { counted } from '../amount.ts';
import type { Finding } from '../finding.ts';
import type { SourceChoice, SourceConfigs } from './source-config.ts';

interface Named {
  readonly accountIds: readonly string[];
  readonly apiBaseUrl: string;
}

/** What there is to say of the settings of platforms beside Meta; nothing of those that are not set. */
export function otherSources({ google, tiktok, amazon }: SourceConfigs): readonly Finding[] {
  return [
    ...findingOf('Google Ads', google),
    ...findingOf('TikTok Ads', tiktok),
    ...findingOf('Amazon Ads', amazon),
  ];
}

function findingOf(label: string, choice: SourceChoice<Named>): readonly Finding[] {
  if (choice.kind === 'none') return [];
  if (choice.kind === 'incomplete') {
    return [
      {
        level: 'fail',
        what: `accounts of ${label} are set, but not ${choice.missing.join(', ')}`,
        why: 'A run stops before it pulls anything.',
        remedy: `Set ${choice.missing.join(' and ')}, or remove the accounts of ${label}.`,
      },
    ];
  }
  const { accountIds, apiBaseUrl } = choice.config;
  const what = `${counted(accountIds.length, 'account')} of ${label} are pulled from ${apiBaseUrl}`;
  return [{ level: 'ok', what }];
}

/** The settings of platforms beside Meta by name, as they count; of secrets, what says their length. */
export function sourceValues(sources: SourceConfigs): Readonly<Record<string, unknown>> {
  const { google, tiktok, amazon, lookbackDays, firstPullDays } = sources;
  return {
    ...(google.kind === 'ready' ? clientValues('GOOGLE_ADS', google.config) : {}),
    ...(google.kind === 'ready'
      ? {
          GOOGLE_ADS_DEVELOPER_TOKEN: google.config.developerToken,
          GOOGLE_ADS_CUSTOMER_ID: google.config.accountIds.join(','),
          GOOGLE_ADS_LOGIN_CUSTOMER_ID: google.config.loginCustomerId,
          GOOGLE_ADS_API_VERSION: google.config.apiVersion,
        }
      : {}),
    ...(tiktok.kind === 'ready'
      ? {
          TIKTOK_ACCESS_TOKEN: tiktok.config.accessToken,
          TIKTOK_ADVERTISER_ID: tiktok.config.accountIds.join(','),
          TIKTOK_API_BASE_URL: tiktok.config.apiBaseUrl,
        }
      : {}),
    ...(amazon.kind === 'ready' ? clientValues('AMAZON_ADS', amazon.config) : {}),
    ...(amazon.kind === 'ready'
      ? {
          AMAZON_ADS_PROFILE_ID: amazon.config.accountIds.join(','),
          AMAZON_ADS_REGION: amazon.config.region,
        }
      : {}),
    ADLAKE_LOOKBACK_DAYS: lookbackDays,
    ADLAKE_FIRST_PULL_DAYS: firstPullDays,
  };
}

function clientValues(
  prefix: string,
  client: {
    readonly clientId: string;
    readonly clientSecret: string;
    readonly refreshToken: string;
    readonly tokenUrl: string;
    readonly apiBaseUrl: string;
  },
): Readonly<Record<string, unknown>> {
  return {
    [`${prefix}_CLIENT_ID`]: client.clientId,
    [`${prefix}_CLIENT_SECRET`]: client.clientSecret,
    [`${prefix}_REFRESH_TOKEN`]: client.refreshToken,
    [`${prefix}_API_BASE_URL`]: client.apiBaseUrl,
    [`${prefix}_TOKEN_URL`]: client.tokenUrl,
  };
}
