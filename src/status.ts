import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Dataset } from './dataset.ts';
import { listFiles } from './file.ts';
import { type DaySource, daySources } from './imports/day-sources.ts';
import { accountsLanded, type Batch, listBatches } from './landing/batch.ts';
import { DATASETS } from './pipeline.ts';
import { listQuarantine } from './quarantine.ts';
import type { Selection } from './stage.ts';
import { addDays, dayAt, daysBetween, daysOf, SETTLEMENT_DAYS } from './window.ts';
import { type Lake, rawFile } from './zone.ts';

/** What the lake holds of one dataset and account. Days are the account's own, ends inclusive. */
export interface Holding {
  readonly dataset: string;
  readonly account_id: string;
  /** First and last day asked for; null for datasets without days. */
  readonly since: string | null;
  readonly until: string | null;
  /** The account's day when it was pulled last. */
  readonly last_pulled: string;
  /** Records in raw. */
  readonly rows: number;
  /** The newest day that was asked for when it could no longer change; null when none was. */
  readonly settled_until: string | null;
  readonly quarantined: number;
  /** Days since it was pulled last; 0 when that was today. */
  readonly days_behind: number;
  /** Which answers or files the days come from; none for datasets without days. */
  readonly sources: readonly DaySource[];
  /** What a person should look at. */
  readonly warnings: readonly string[];
}

/**
 * What the lake holds, by dataset and account, from landing and raw alone. `now` is an instant in UTC;
 * `today`, when given, is the day it is in every account.
 */
export function listHoldings(
  lake: Lake,
  selection: Selection,
  at: { readonly now: string; readonly today: string | null },
): readonly Holding[] {
  const refused = listQuarantine(lake, selection);
  return DATASETS.filter(
    ({ name, platform }) => platform !== 'internal' && (selection.datasets?.includes(name) ?? true),
  ).flatMap((dataset) =>
    accountsLanded(lake, dataset)
      .filter((account) => selection.accounts?.includes(account) ?? true)
      .flatMap((accountId) => {
        const batches = listBatches(lake, dataset, accountId);
        if (batches.length === 0) return [];
        const quarantined = refused.filter(
          (record) => record.dataset === dataset.name && record.account_id === accountId,
        ).length;
        return [holdingOf({ lake, dataset, accountId, batches, quarantined, ...at })];
      }),
  );
}

interface Found {
  readonly lake: Lake;
  readonly dataset: Dataset;
  readonly accountId: string;
  readonly batches: readonly Batch[];
  readonly quarantined: number;
  readonly now: string;
  readonly today: string | null;
}

function holdingOf(found: Found): Holding {
  const { dataset, accountId, batches, quarantined } = found;
  const sinces = batches.flatMap(({ scope }) => scope.since ?? []).sort();
  const untils = batches.flatMap(({ scope }) => scope.until ?? []).sort();
  const lastPulled =
    batches
      .map(({ today }) => today)
      .sort()
      .at(-1) ?? '';
  const timezone = batches.findLast((batch) => batch.timezone !== null)?.timezone ?? 'UTC';
  const daysBehind = Math.max(
    0,
    daysBetween(lastPulled, found.today ?? dayAt(found.now, timezone)),
  );
  const isPulled = batches.some(({ source }) => source !== 'import');
  return {
    dataset: dataset.name,
    account_id: accountId,
    since: sinces[0] ?? null,
    until: untils.at(-1) ?? null,
    last_pulled: lastPulled,
    rows: rawRows(found),
    settled_until: settledUntil(batches),
    quarantined,
    days_behind: daysBehind,
    sources: daySources(batches),
    warnings: [
      ...(isPulled ? gapWarning(batches) : []),
      ...lossWarning(dataset, { lastPulled, daysBehind }),
      ...(isPulled && daysBehind >= SETTLEMENT_DAYS ? [`not pulled for ${daysBehind} days`] : []),
      ...(quarantined > 0 ? [`${quarantined} records are in quarantine`] : []),
    ],
  };
}

function settledUntil(batches: readonly Batch[]): string | null {
  const days = batches.flatMap(({ scope, today }) => {
    if (scope.since === null || scope.until === null || !scope.complete) return [];
    const newest = addDays(today, -SETTLEMENT_DAYS);
    const until = newest < scope.until ? newest : scope.until;
    return until >= scope.since ? [until] : [];
  });
  return days.sort().at(-1) ?? null;
}

function gapWarning(batches: readonly Batch[]): readonly string[] {
  const asked = new Set<string>();
  for (const { since, until } of new Set(batches.map(({ scope }) => scope))) {
    if (since === null || until === null) continue;
    for (const day of daysOf({ since, until })) asked.add(day);
  }
  const days = [...asked].sort();
  const [since, until] = [days[0], days.at(-1)];
  if (since === undefined || until === undefined) return [];
  const missing = daysOf({ since, until }).filter((day) => !asked.has(day));
  if (missing.length === 0) return [];
  return [`${missing.length} days were never asked for, the first is ${missing[0]}`];
}

/** A source that forgets should be asked when this many days are left, so that a weekend is bridged. */
const LOSS_WARNING_DAYS = 3;

/**
 * What the source has forgotten, or soon will have: the day it was asked last was not over, so nothing
 * is known from then on.
 */
function lossWarning(
  { keptDays }: Dataset,
  at: { readonly lastPulled: string; readonly daysBehind: number },
): readonly string[] {
  if (keptDays === undefined || at.daysBehind < keptDays - LOSS_WARNING_DAYS) return [];
  const kept = `the source keeps ${keptDays} days`;
  if (at.daysBehind < keptDays) {
    const last = addDays(at.lastPulled, keptDays - 1);
    return [
      `${kept}: run adlake by ${last}, or what came since ${at.lastPulled} begins to be lost`,
    ];
  }
  const lostUntil = addDays(at.lastPulled, at.daysBehind - keptDays);
  return [
    `${kept}: what came from ${at.lastPulled} to ${lostUntil} can no longer be had; run adlake now to save the rest`,
  ];
}

const NEW_LINE = 10;

/** Every line of a raw file is one record. */
function rawRows({ lake, dataset, accountId }: Found): number {
  const folder = dirname(rawFile(lake, dataset, { account_id: accountId, month: 'all' }));
  return listFiles(folder)
    .filter((name) => name.endsWith('.ndjson'))
    .reduce((sum, name) => sum + countLines(readFileSync(join(folder, name))), 0);
}

function countLines(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(NEW_LINE); at !== -1; at = bytes.indexOf(NEW_LINE, at + 1)) lines++;
  return lines;
}
