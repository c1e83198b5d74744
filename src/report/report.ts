import { Temporal } from 'temporal-polyfill';
import { readableCount } from '../amount.ts';
import { originOf } from '../lake-origin.ts';
import { listQuarantine } from '../quarantine.ts';
import { type AccountSummary, lakeSummary } from '../summary.ts';
import type { Window } from '../window.ts';
import type { Lake } from '../zone.ts';
import type { AccountReport } from './account-section.ts';
import { openReportReader, type ReportSpan } from './figures.ts';
import { reportPage } from './page.ts';

/** What a report is asked for. */
export interface ReportOptions {
  readonly lake: Lake;
  /** Accounts to report on; all of the lake when absent. */
  readonly accounts?: readonly string[];
  /** Days, inclusive; the last `days` complete days of each account when absent. */
  readonly window?: Window;
  /** Length of the span when no window is given. */
  readonly days: number;
  /** An instant in UTC. */
  readonly now: string;
}

/** The page, and which accounts it is about. */
export interface Report {
  readonly text: string;
  readonly accounts: readonly string[];
}

/** Makes the report of a lake as one HTML page. Reads the curated tables, writes nothing. */
export async function makeReport(options: ReportOptions): Promise<Report> {
  const summaries = (await lakeSummary(options.lake)).accounts.filter(
    ({ account_id }) => options.accounts?.includes(account_id) ?? true,
  );
  const reader = await openReportReader(options.lake);
  try {
    const accounts: AccountReport[] = [];
    for (const account of summaries) {
      const span = spanOf(account, options);
      if (span === null) continue;
      accounts.push({ account, span, figures: await reader.read(account.account_id, span) });
    }
    const text = reportPage({
      accounts,
      isSynthetic: originOf(options.lake) === 'sandbox',
      madeAt: options.now,
      lake: options.lake.home,
      quality: qualityOf(options.lake, summaries),
    });
    return { text, accounts: accounts.map(({ account }) => account.account_id) };
  } finally {
    reader.close();
  }
}

/** The span asked for, or the account's last complete days; null when it has none. */
export function spanOf(
  account: Pick<AccountSummary, 'last_28_days'>,
  options: Pick<ReportOptions, 'window' | 'days'>,
): ReportSpan | null {
  const until = options.window?.until ?? account.last_28_days.until;
  if (until === null) return null;
  const last = Temporal.PlainDate.from(until);
  const first =
    options.window === undefined
      ? last.subtract({ days: options.days - 1 })
      : Temporal.PlainDate.from(options.window.since);
  const length = first.until(last, { largestUnit: 'days' }).days + 1;
  return {
    since: first.toString(),
    until,
    before: first.subtract({ days: length }).toString(),
    middle: first.add({ days: Math.floor(length / 2) }).toString(),
  };
}

function qualityOf(
  lake: Lake,
  accounts: readonly AccountSummary[],
): ReadonlyArray<readonly [string, string]> {
  const refused = listQuarantine(lake, {}).length;
  return [
    [
      'Records refused by a contract',
      refused === 0 ? 'none' : `${readableCount(refused)}: see \`adlake quarantine list\``,
    ],
    ...accounts.flatMap((account) => [
      [
        `${account.account_name}: days`,
        `${account.all_days.since ?? 'none'} to ${account.all_days.until ?? 'none'}`,
      ] as const,
      [`${account.account_name}: settled until`, account.settled_until ?? 'nothing yet'] as const,
      ...(account.all_days.spend_usd_note === null
        ? []
        : [
            [
              `${account.account_name}: amounts in US dollars`,
              account.all_days.spend_usd_note,
            ] as const,
          ]),
    ]),
  ];
}
