import type { JsonRow } from '../duckdb/duckdb.ts';
import { AdlakeError } from '../errors.ts';
import { answersTo } from '../history/question.ts';
import type { Lake } from '../zone.ts';

/** One of the two that are compared: an ad or a campaign, with its days of the window. */
export interface Side {
  /** A or B, as it is called in texts. */
  readonly label: 'A' | 'B';
  readonly level: 'ad' | 'campaign';
  readonly id: string;
  readonly name: string | null;
  readonly accountId: string;
  readonly currency: string | null;
  readonly days: readonly SideDay[];
}

/** A day of it; null is unknown. These are for statistics: no money comes out of them again. */
export interface SideDay {
  readonly date: string;
  readonly isSettled: boolean;
  readonly spend: number | null;
  readonly impressions: number | null;
  readonly clicks: number | null;
  readonly linkClicks: number | null;
  readonly conversions: number | null;
  readonly value: number | null;
}

/** Which two, and when. */
export interface SidesQuestion {
  readonly a: string;
  readonly b: string;
  /** First and last day, inclusive; null: the last 28 complete days. */
  readonly since: string | null;
  readonly until: string | null;
}

/** The two sides and the window that counted, both ends inclusive. */
export interface Sides {
  readonly a: Side;
  readonly b: Side;
  readonly since: string;
  readonly until: string;
}

/** Reads two ads or campaigns. Throws `USAGE` for one that the lake has no day of, and for an ad and a campaign. */
export async function sidesOf(lake: Lake, question: SidesQuestion): Promise<Sides> {
  const rows = await answersTo(lake, { name: 'compared_days', values: { ...question } });
  const [first] = rows;
  const since = String(first?.since ?? '');
  const until = String(first?.until ?? '');
  const [a, b] = [sideOf(rows, 'A', question.a), sideOf(rows, 'B', question.b)];
  if (a.level !== b.level) {
    throw refused(
      `${a.id} is a ${a.level}, ${b.id} a ${b.level}.`,
      'Compare two ads or two campaigns.',
    );
  }
  const within = (side: Side): Side => ({
    ...side,
    days: side.days.filter(({ date }) => date >= since && date <= until),
  });
  return { a: within(a), b: within(b), since, until };
}

function sideOf(rows: readonly JsonRow[], label: 'A' | 'B', id: string): Side {
  const own = rows.filter((row) => row.object_id === id);
  const [first] = own;
  if (first === undefined) {
    throw refused(
      `The lake has no day of an ad or campaign ${id}.`,
      'Ids are in the tables campaigns and ads: `adlake sql "select campaign_id, campaign_name from campaigns"`.',
    );
  }
  return {
    label,
    level: first.level === 'ad' ? 'ad' : 'campaign',
    id,
    name: textOf(own.at(-1)?.object_name),
    accountId: String(first.account_id),
    currency: textOf(first.currency),
    days: own.map(dayOf),
  };
}

function dayOf(row: JsonRow): SideDay {
  return {
    date: String(row.date),
    isSettled: row.is_settled === true,
    spend: numberOf(row.spend),
    impressions: numberOf(row.impressions),
    clicks: numberOf(row.clicks),
    linkClicks: numberOf(row.link_clicks),
    conversions: numberOf(row.conversions),
    value: numberOf(row.purchase_value),
  };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function numberOf(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value);
}

function refused(message: string, remedy: string): AdlakeError {
  return new AdlakeError({ code: 'USAGE', message, remedy });
}
