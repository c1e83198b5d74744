import { originOf } from '../lake-origin.ts';
import type { StageReport } from '../run.ts';
import { type AccountSummary, lakeSummary } from '../summary.ts';
import type { Lake } from '../zone.ts';
import { openReportReader, type ReportReader } from './figures.ts';
import { type ReportInput, reportPage } from './page.ts';
import { qualityOf } from './quality.ts';
import type { AccountReport } from './sections/part.ts';
import { type ReportSpan, type SpanChoice, spanOf } from './span.ts';

/** What a report is asked for. */
export interface ReportOptions extends SpanChoice {
  readonly lake: Lake;
  /** Accounts to report on; all of the lake when absent. */
  readonly accounts?: readonly string[];
  /** An instant in UTC. */
  readonly now: string;
  /** What the stages of the run did that the report ends; the newest run on record when absent. */
  readonly stages?: readonly StageReport[];
}

/** The page, and what it was made from. */
export interface Report {
  readonly text: string;
  readonly input: ReportInput;
}

/** Makes the report of a lake as one HTML page. Reads the curated tables, writes nothing. */
export async function makeReport(options: ReportOptions): Promise<Report> {
  const input = await readReport(options);
  return { text: reportPage(input), input };
}

/** Everything that a report shows, whatever it is shown in. */
export async function readReport(options: ReportOptions): Promise<ReportInput> {
  const { lake } = options;
  const wanted = await wantedAccounts(options);
  const reader = await openReportReader(lake);
  try {
    const accounts = await readAccounts(reader, wanted, options);
    const span = widestSpan(accounts);
    return {
      accounts,
      whole: span === null ? null : { span, figures: await reader.readLake(span) },
      isSynthetic: originOf(lake) === 'sandbox',
      madeAt: options.now,
      lake: lake.home,
      quality: qualityOf(lake, wanted, options.stages ?? null),
    };
  } finally {
    reader.close();
  }
}

/** The accounts of the lake that a report is about. */
export async function wantedAccounts(
  options: Pick<ReportOptions, 'lake' | 'accounts'>,
): Promise<readonly AccountSummary[]> {
  return (await lakeSummary(options.lake)).accounts.filter(
    ({ account_id }) => options.accounts?.includes(account_id) ?? true,
  );
}

async function readAccounts(
  reader: ReportReader,
  wanted: readonly AccountSummary[],
  choice: SpanChoice,
): Promise<readonly AccountReport[]> {
  const accounts: AccountReport[] = [];
  for (const account of wanted) {
    const span = spanOf(account.last_28_days.until, choice);
    if (span === null) continue;
    accounts.push({ account, span, figures: await reader.read(account.account_id, span) });
  }
  return accounts;
}

/** From the first to the last day of any account; null without accounts. */
export function widestSpan(accounts: readonly { readonly span: ReportSpan }[]): ReportSpan | null {
  const [first] = accounts;
  if (first === undefined) return null;
  const since = accounts.map(({ span }) => span.since).sort()[0] ?? first.span.since;
  const until =
    accounts
      .map(({ span }) => span.until)
      .sort()
      .at(-1) ?? first.span.until;
  return { ...first.span, since, until };
}
