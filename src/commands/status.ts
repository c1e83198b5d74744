import { counted, readableCount } from '../amount.ts';
import { originOf } from '../lake-origin.ts';
import { listWaiting, type WaitingAccount } from '../platforms/meta/extract-plan.ts';
import { sourceWarnings } from '../platforms/meta/source-warnings.ts';
import { waitingText } from '../platforms/meta/waiting.ts';
import { type Holding, listHoldings } from '../status.ts';
import { formatTable } from '../text-table.ts';
import type { CommandContext, Typed } from './context.ts';
import { checkAccounts } from './stage.ts';

/** `adlake status`: what the lake holds by dataset and account, and how fresh it is. */
export async function status(context: CommandContext, _typed: Typed): Promise<number> {
  checkAccounts(context);
  const { lake, selection, today } = context;
  const holdings = listHoldings(lake, selection, { now: context.now(), today });
  const { meta: config } = context.config;
  const waiting = listWaiting({ lake, config, selection, today, now: context.now() });
  const origin = originOf(lake);
  const warnings = sourceWarnings(lake, { config: context.config, now: context.now() });
  if (context.isJson) {
    context.print(
      `${JSON.stringify({ lake: lake.home, origin, holdings, waiting, warnings }, null, 2)}\n`,
    );
    return 0;
  }
  for (const { what, remedy } of warnings) context.progress.warn(`${what}. ${remedy}`);
  if (holdings.length === 0) {
    context.tell(`Nothing has landed in ${lake.home} yet. Pull first: \`adlake run\`.`);
    return 0;
  }
  context.tell(`The lake ${lake.home}${origin === 'sandbox' ? ' (SYNTHETIC DATA)' : ''}:`);
  context.print(tableOf(holdings, waiting));
  for (const line of exportsIn(holdings)) context.print(`${line}\n`);
  for (const line of waitingLines(waiting)) context.print(`${line}\n`);
  for (const warning of warningsOf(holdings)) context.progress.warn(warning);
  return 0;
}

function tableOf(holdings: readonly Holding[], waiting: readonly WaitingAccount[]): string {
  const heads = ['dataset', 'account', 'rows', 'days', 'settled until', 'last pulled', 'freshness'];
  const rows = holdings.map((holding) => [
    holding.dataset,
    holding.account_id,
    readableCount(holding.rows),
    holding.since === null ? 'last state' : `${holding.since} to ${holding.until}`,
    holding.settled_until ?? '',
    holding.last_pulled,
    listDay(holding, waiting) ?? freshness(holding),
  ]);
  return formatTable(heads, rows);
}

/** What is asked for weekly, so that a person who looks for a late conversion knows when it comes. */
function waitingLines(accounts: readonly WaitingAccount[]): readonly string[] {
  return accounts.map(
    ({ account_id, waiting }) => `account ${account_id}: ${waitingText(waiting)}`,
  );
}

/** Which export the days of imported datasets come from. */
function exportsIn(holdings: readonly Holding[]): readonly string[] {
  return holdings.flatMap(({ dataset, account_id, sources }) =>
    sources
      .filter(({ source }) => source === 'import')
      .map(({ since, until, file, as_of, older }) => {
        const days = since === until ? since : `${since} to ${until}`;
        const others = older === 0 ? '' : `; rows it lacks from ${counted(older, 'older file')}`;
        return `${dataset} of account ${account_id}, ${days}: from ${file ?? 'a file'}, exported on ${as_of}${others}`;
      }),
  );
}

/** When a list is asked for that waits for its day of the week; null for what is asked for daily. */
function listDay(holding: Holding, accounts: readonly WaitingAccount[]): string | null {
  const account = accounts.find(({ account_id }) => account_id === holding.account_id);
  const list = account?.waiting.find(
    ({ dataset, window }) => dataset === holding.dataset && window === null,
  );
  return list === undefined ? null : `weekly, next on ${list.asked_on}`;
}

function freshness({ days_behind: days }: Holding): string {
  if (days === 0) return 'up to date';
  return days === 1 ? '1 day behind' : `${days} days behind`;
}

function warningsOf(holdings: readonly Holding[]): readonly string[] {
  return holdings.flatMap(({ dataset, account_id, warnings }) =>
    warnings.map((warning) => `${dataset} of account ${account_id}: ${warning}.`),
  );
}
