import { AdlakeError, type ErrorCode, toAdlakeError } from '../errors.ts';
import type { AccountSummary } from '../stages/api-to-landing.ts';
import type { Connector } from './connector.ts';
import { type PulledReports, pullReports, type ReportPullInput } from './pull-reports.ts';

/** Errors that end one account's pull and leave the others alone. */
const OF_ONE_ACCOUNT: ReadonlySet<ErrorCode> = new Set([
  'TOKEN_REFUSED',
  'PERMISSION_REFUSED',
  'SOURCE_UNAVAILABLE',
  'SOURCE_LIMITED',
  'SOURCE_REFUSED',
  'IMPORT_REFUSED',
]);

/**
 * Pulls what is due of a platform's selected accounts into landing. An account that fails says so in
 * its summary and the others go on. Throws errors that are not about one account (the disk, a bug).
 */
export async function extractReports(
  connector: Connector,
  input: ReportPullInput,
): Promise<readonly AccountSummary[]> {
  if (!isAsked(connector, input)) return [];
  const chosen = input.selection.accounts;
  const accountIds = connector.accountIds.filter((id) => chosen?.includes(id) ?? true);
  return Promise.all(accountIds.map((accountId) => summarize(connector, input, accountId)));
}

function isAsked({ dataset }: Connector, { selection }: ReportPullInput): boolean {
  return selection.datasets?.includes(dataset.name) ?? true;
}

async function summarize(
  connector: Connector,
  input: ReportPullInput,
  accountId: string,
): Promise<AccountSummary> {
  const pulled: PulledReports = { account: null, today: null, batches: 0, rows: 0 };
  try {
    await pullReports(connector, input, { accountId, pulled });
    return summaryOf(connector, accountId, pulled);
  } catch (thrown) {
    const error = toAdlakeError(thrown);
    if (!(thrown instanceof AdlakeError) || !OF_ONE_ACCOUNT.has(error.code)) throw error;
    const { code, message, remedy } = error;
    input.progress.warn(`${message} ${remedy}`);
    return { ...summaryOf(connector, accountId, pulled), error: { code, message, remedy } };
  }
}

function summaryOf(
  connector: Connector,
  accountId: string,
  { account, today, batches, rows }: PulledReports,
): AccountSummary {
  return {
    platform: connector.platform,
    account_id: accountId,
    name: account?.name ?? null,
    currency: account?.currency ?? null,
    timezone: account?.timezone ?? null,
    today,
    calls: connector.callsOf(accountId),
    batches,
    rows,
    ...NOTHING_OF_META,
  };
}

/** What only pulls of Meta have. */
const NOTHING_OF_META = {
  callsSaved: 0,
  callsByName: 0,
  campaignsActive: 0,
  campaignsLeftOut: 0,
  waiting: [],
  gaps: [],
  notAsked: [],
} as const;
