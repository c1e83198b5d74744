import { actionsOf } from './action.ts';
import { adDayOn } from './ad-day.ts';
import { type Day, monthStart } from './calendar.ts';
import { type Cell, familyOf } from './cell.ts';
import { LONGEST_DAYS } from './conversion.ts';
import { type Condition, meets } from './filter.ts';
import type { InsightQuery, Level } from './insight-query.ts';
import type { Span } from './span.ts';
import { cellsOf, type Part, wholeOf } from './split.ts';
import { addTally, at, COUNTER, emptyTally, isRow, packed, reachOf, type Tally } from './tally.ts';
import type { Ad } from './tree.ts';
import { adSetStatus, adStatus, campaignStatus, type World } from './world.ts';

/** One row of an insights answer before it is written. */
export interface InsightRow {
  readonly tally: Tally;
  /** Any ad of the row's object: names and ids of what is above it come from here. */
  readonly ad: Ad;
  /** First and last day of the row, both inclusive. */
  readonly since: Day;
  readonly until: Day;
  readonly cell: Cell | undefined;
}

/**
 * The rows that answer a query about some ads of a world, in order: by time, then by object, then
 * by breakdown cell, unless the query sorts. Pure in (world, ads, query).
 */
export function insightRows(
  world: World,
  ads: readonly Ad[],
  query: InsightQuery,
): readonly InsightRow[] {
  if (query.family === 'nothing') return [];
  const wanted = metricFiltered(world, objectFiltered(world, ads, query), query);
  const rows = spansOf(query).flatMap((span) => rowsOf(world, wanted, { query, span }));
  const kept = rows.filter((row) => rowMeets(row, query, world));
  return query.sort === undefined ? kept : sorted(kept, query.sort);
}

const METRICS = ['impressions', 'spend', 'clicks'] as const;

/** The id of the object that a row of that level is about. */
export function objectIdOf(ad: Ad, level: Level): string {
  if (level === 'ad') return ad.id;
  if (level === 'adset') return ad.adSet.id;
  return level === 'campaign' ? ad.campaign.id : ad.campaign.account.id;
}

function rowsOf(
  world: World,
  ads: readonly Ad[],
  ask: { readonly query: InsightQuery; readonly span: Span },
): readonly InsightRow[] {
  const rows = new Map<string, InsightRow>();
  const names = new Map<Cell | undefined, string>();
  const last = Math.min(ask.span.until, world.today);
  for (const ad of ads) {
    const end = Math.min(last, ad.campaign.end + LONGEST_DAYS);
    for (let day = Math.max(ask.span.since, ad.campaign.start); day <= end; day++) {
      for (const part of partsOf(world, ad, { query: ask.query, day })) {
        addPart(rows, ad, { ...ask, part, names });
      }
    }
  }
  const kept: InsightRow[] = [];
  for (const row of rows.values()) {
    if (isRow(row.tally)) kept.push({ ...row, tally: packed(row.tally) });
  }
  return kept;
}

function partsOf(
  world: World,
  ad: Ad,
  ask: { readonly query: InsightQuery; readonly day: Day },
): readonly Part[] {
  const adDay = adDayOn(ad, ask.day, world);
  if (adDay === undefined) return [];
  const { family } = ask.query;
  if (family === undefined || family === 'nothing') return [wholeOf(ad, adDay)];
  return cellsOf(ad, adDay, familyOf(family, world.account, ask.day));
}

function addPart(
  rows: Map<string, InsightRow>,
  ad: Ad,
  ask: {
    readonly query: InsightQuery;
    readonly span: Span;
    readonly part: Part;
    /** What rows of a cell are told apart by, once it was put together. */
    readonly names: Map<Cell | undefined, string>;
  },
): void {
  const { level } = ask.query;
  const { cell, tally } = ask.part;
  const name = ask.names.get(cell) ?? nameOfCell(cell, ask.query.breakdowns);
  ask.names.set(cell, name);
  const key = objectIdOf(ad, level) + name;
  let row = rows.get(key);
  if (row === undefined) {
    const { since, until } = ask.span;
    row = { tally: emptyTally(), ad, since, until, cell };
    rows.set(key, row);
  }
  addTally(row.tally, tally);
}

function nameOfCell(cell: Cell | undefined, breakdowns: readonly string[]): string {
  if (cell === undefined) return '';
  return breakdowns.map((name) => `\u0000${cell.values[name] ?? ''}`).join('');
}

/** Cuts the query's days into the spans that its rows cover. */
function spansOf(query: InsightQuery): readonly Span[] {
  const { since, until, increment, ranges } = query;
  if (ranges !== undefined) return ranges;
  if (increment === 'all_days') return [{ since, until }];
  const spans: Span[] = [];
  for (let first = since; first <= until; ) {
    const next = increment === 'monthly' ? monthStart(first, 1) : first + increment;
    spans.push({ since: first, until: Math.min(until, next - 1) });
    first = next;
  }
  return spans;
}

/**
 * Leaves out what ids and states rule out. With any filter, Meta filters by state too: what is
 * archived or deleted stays out unless a condition on a state asks for it.
 */
function objectFiltered(world: World, ads: readonly Ad[], query: InsightQuery): readonly Ad[] {
  if (query.filtering === undefined) return ads;
  const onState = query.filtering.some(({ field }) => field.endsWith('.effective_status'));
  const conditions = query.filtering.filter(({ field }) => !isMetric(field));
  return ads.filter((ad) => {
    const status = adStatus(ad, world);
    if (!onState && (status === 'ARCHIVED' || status === 'DELETED')) return false;
    return conditions.every((condition) =>
      meets(condition, comparedOf(world, ad, condition.field)),
    );
  });
}

/** Leaves out objects of another level than the rows' whose totals over the span do not fit. */
function metricFiltered(world: World, ads: readonly Ad[], query: InsightQuery): readonly Ad[] {
  const conditions = (query.filtering ?? []).filter(
    ({ field }) => isMetric(field) && levelOf(field) !== query.level,
  );
  return conditions.reduce((left, condition) => fitting(world, left, { query, condition }), ads);
}

function fitting(
  world: World,
  ads: readonly Ad[],
  ask: { readonly query: InsightQuery; readonly condition: Condition },
): readonly Ad[] {
  const level = levelOf(ask.condition.field);
  const query = { ...ask.query, level, family: undefined, breakdowns: [] };
  const rows = rowsOf(world, ads, { query, span: query });
  const fit = rows.filter((row) => metricMeets(row, ask.condition, world));
  const ids = new Set(fit.map((row) => objectIdOf(row.ad, level)));
  return ads.filter((ad) => ids.has(objectIdOf(ad, level)));
}

function rowMeets(row: InsightRow, query: InsightQuery, world: World): boolean {
  return (query.filtering ?? [])
    .filter(({ field }) => isMetric(field) && levelOf(field) === query.level)
    .every((condition) => metricMeets(row, condition, world));
}

function metricMeets(row: InsightRow, condition: Condition, world: World): boolean {
  const name = METRICS.find((metric) => condition.field.endsWith(`.${metric}`)) ?? 'impressions';
  const value = at(row.tally, COUNTER[name]);
  return meets(condition, name === 'spend' ? value / world.account.minorPerMajor : value);
}

function isMetric(field: string): boolean {
  return METRICS.some((metric) => field.endsWith(`.${metric}`));
}

function levelOf(field: string): Level {
  if (field.startsWith('campaign.')) return 'campaign';
  return field.startsWith('adset.') ? 'adset' : 'ad';
}

function comparedOf(world: World, ad: Ad, field: string): string {
  const level = levelOf(field);
  if (field.endsWith('.id')) return objectIdOf(ad, level);
  if (field.endsWith('.name')) return nameOf(ad, level);
  if (level === 'campaign') return campaignStatus(ad.campaign, world);
  return level === 'adset' ? adSetStatus(ad.adSet, world) : adStatus(ad, world);
}

function nameOf(ad: Ad, level: Level): string {
  if (level === 'campaign') return ad.campaign.name;
  return level === 'adset' ? ad.adSet.name : ad.name;
}

function sorted(
  rows: readonly InsightRow[],
  sort: NonNullable<InsightQuery['sort']>,
): readonly InsightRow[] {
  const places: Readonly<Record<string, number>> = {
    ...COUNTER,
    inline_link_clicks: COUNTER.linkClicks,
  };
  const type = /^actions:(.+)$/.exec(sort.field)?.[1];
  const value = ({ tally, ad }: InsightRow): number => {
    if (sort.field === 'reach') return reachOf(tally);
    if (type === undefined) return at(tally, places[sort.field] ?? -1);
    const actions = actionsOf({ tally, ad, windows: [], offPlatform: true, inApps: true });
    return actions.find((action) => action.type === type)?.value ?? 0;
  };
  const sign = sort.descending ? -1 : 1;
  return [...rows].sort((a, b) => sign * (value(a) - value(b)));
}

/** One row that sums up all rows of a query; undefined without rows. */
export function summaryRow(
  rows: readonly InsightRow[],
  query: InsightQuery,
): InsightRow | undefined {
  const [first] = rows;
  if (first === undefined) return undefined;
  const tally = emptyTally();
  for (const row of rows) addTally(tally, row.tally);
  return { ad: first.ad, tally, since: query.since, until: query.until, cell: undefined };
}
