import { REPORT_TYPES } from '../platforms/amazon/report-type.ts';
import { GOOGLE_KINDS } from '../platforms/google/query.ts';
import { TIKTOK_KINDS } from '../platforms/tiktok/report.ts';
import type { AccountPlan } from '../stages/api-to-landing.ts';
import { type ReportKind, type ReportQuestion, reportLabel } from './connector.ts';
import { PULLED_PLATFORMS, type PulledPlatform, pulledDataset } from './datasets.ts';
import { knownIdentity } from './known-identity.ts';
import { questionsOf, type ReportPullInput } from './pull-reports.ts';
import type { SourceConfigs } from './source-config.ts';

const KINDS: Readonly<Record<PulledPlatform, readonly ReportKind[]>> = {
  amazon: REPORT_TYPES,
  google: GOOGLE_KINDS,
  tiktok: TIKTOK_KINDS,
};

/**
 * What a pull would ask the platforms beside Meta, from landing and the settings alone: no network, and
 * nothing is written.
 */
export function planReports(
  sources: SourceConfigs,
  input: Pick<ReportPullInput, 'lake' | 'now' | 'today' | 'selection'>,
): readonly AccountPlan[] {
  const { accounts: chosen, datasets } = input.selection;
  const { lookbackDays, firstPullDays } = sources;
  return PULLED_PLATFORMS.flatMap((platform) => {
    const choice = sources[platform];
    const dataset = pulledDataset(platform);
    if (choice.kind !== 'ready' || !(datasets?.includes(dataset.name) ?? true)) return [];
    const ids = choice.config.accountIds.filter((id) => chosen?.includes(id) ?? true);
    return ids.map((accountId) => {
      const account = knownIdentity(input.lake, dataset, accountId);
      const asked = { dataset, kinds: KINDS[platform] };
      const all = { ...input, lookbackDays, firstPullDays };
      const { today, questions } = questionsOf(asked, all, { accountId, account });
      return {
        account_id: accountId,
        name: account?.name ?? null,
        currency: account?.currency ?? null,
        timezone: account?.timezone ?? null,
        today,
        isFirstPull: account === null,
        questions: questions.map((question) => planned(dataset.name, question)),
        campaignsLeftOut: [],
        waiting: [],
        notes: [],
      };
    });
  });
}

function planned(dataset: string, question: ReportQuestion): AccountPlan['questions'][number] {
  const label = `${dataset}: ${reportLabel(question)}`;
  return { dataset, window: question.window, campaigns: 'all', campaignCount: 0, label };
}
