import { daysOf } from '../window.ts';
import type { ExportTable } from './table.ts';

/**
 * The wide table that Robyn reads: a row for every day, `DATE`, `revenue`, and for each channel its
 * spend `<channel>_S` and impressions `<channel>_I`, in US dollars. `long` has the columns date,
 * channel, revenue_usd, spend_usd, impressions, ordered by date. A day between the first and last one
 * of a channel that has no row is a day without delivery: 0. So is a day without sales between days
 * with known sales. What is not known is an empty cell.
 */
export function robynTable(long: ExportTable): ExportTable {
  const rows = long.rows.map(([date, channel, revenue, spend, impressions]) => ({
    date: date ?? '',
    channel: channel ?? '',
    revenue: revenue ?? null,
    spend: spend ?? null,
    impressions: impressions ?? null,
  }));
  const channels = [...new Set(rows.map(({ channel }) => channel))].sort();
  const columns = ['DATE', 'revenue', ...channels.flatMap((name) => [`${name}_S`, `${name}_I`])];
  const series = channels.map((name) => {
    const own = rows.filter(({ channel }) => channel === name);
    return [seriesOf(own, ({ spend }) => spend), seriesOf(own, (row) => row.impressions)] as const;
  });
  const revenue = seriesOf(betweenSales(rows), (row) => row.revenue);
  const cells = daysIn(rows).map((day) => [
    day,
    revenue(day),
    ...series.flatMap(([spend, impressions]) => [spend(day), impressions(day)]),
  ]);
  return { columns, isPlain: columns.map(() => true), rows: cells };
}

interface Row {
  readonly date: string;
  readonly channel: string;
  readonly revenue: string | null;
  readonly spend: string | null;
  readonly impressions: string | null;
}

/** Rows from the first to the last day with known sales. In between, a day can still be unknown. */
function betweenSales(rows: readonly Row[]): readonly Row[] {
  const known = rows.filter(({ revenue }) => revenue !== null);
  const [first, last] = [known[0]?.date ?? '', known.at(-1)?.date ?? ''];
  return rows.filter(({ date }) => first !== '' && date >= first && date <= last);
}

/** The value of each day: that of its row; 0 between the first and last row; else not known. */
function seriesOf(
  rows: readonly Row[],
  figureOf: (row: Row) => string | null,
): (day: string) => string | null {
  const values = new Map(rows.map((row) => [row.date, figureOf(row)]));
  const [first = '', last = ''] = [rows[0]?.date, rows.at(-1)?.date];
  return (day) => {
    const value = values.get(day);
    if (value !== undefined) return value;
    return first !== '' && day > first && day < last ? '0' : null;
  };
}

function daysIn(rows: readonly Row[]): readonly string[] {
  const [since, until] = [rows[0]?.date, rows.at(-1)?.date];
  if (since === undefined || until === undefined) return [];
  return daysOf({ since, until });
}
