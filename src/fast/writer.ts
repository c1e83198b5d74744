import { HOUR_BREAKDOWN } from '../platforms/meta/datasets.ts';
import { DEGRADED } from '../platforms/meta/degraded.ts';
import { LEAD_PARTS } from '../platforms/meta/events.ts';
import { knownOr } from '../staging/row.ts';
import { EVENT_NAMES } from './action-type.ts';
import { putCell, putMember, putPlain } from './cells.ts';
import { type Column, takesText } from './column.ts';
import { LEADS, PURCHASES } from './counted.ts';
import { type Constant, type CsvBytes, constant } from './csv-bytes.ts';
import { bitOf, COLUMN_WINDOWS, NONE } from './figures.ts';
import type { Member } from './member.ts';
import { ratioWriter } from './ratio-writer.ts';
import type { Row } from './row.ts';

/** Writes the cell of a column; false when the column does not surely take it. */
export type Writer = (out: CsvBytes) => boolean;

/** Where a column's text comes from, where that is a member of the record as it is. */
export const TEXTS: Readonly<Record<string, string>> = {
  date: 'date_start',
  campaign_id: 'campaign_id',
  campaign_name: 'campaign_name',
  ad_set_id: 'adset_id',
  ad_set_name: 'adset_name',
  ad_id: 'ad_id',
  ad_name: 'ad_name',
  age: 'age',
  gender: 'gender',
  country: 'country',
  region: 'region',
  publisher_platform: 'publisher_platform',
  platform_position: 'platform_position',
  device_platform: 'device_platform',
  hour_label: HOUR_BREAKDOWN,
  attribution_setting: 'attribution_setting',
  objective: 'objective',
  optimization_goal: 'optimization_goal',
  quality_ranking: 'quality_ranking',
  engagement_rate_ranking: 'engagement_rate_ranking',
  conversion_rate_ranking: 'conversion_rate_ranking',
  spend: 'spend',
  impressions: 'impressions',
  reach: 'reach',
  frequency: 'frequency',
  clicks: 'clicks',
  unique_clicks: 'unique_clicks',
};

/** Columns of one action type in a list of its own. */
const SINGLES: Readonly<Record<string, readonly [member: string, type: string]>> = {
  video_thruplay: ['video_thruplay_watched_actions', 'video_view'],
  video_p25: ['video_p25_watched_actions', 'video_view'],
  video_p50: ['video_p50_watched_actions', 'video_view'],
  video_p75: ['video_p75_watched_actions', 'video_view'],
  video_p95: ['video_p95_watched_actions', 'video_view'],
  video_p100: ['video_p100_watched_actions', 'video_view'],
};

/** Events that have a column that says which name was used. */
const SOURCED = [
  'purchases',
  'leads',
  'add_to_cart',
  'initiate_checkout',
  'view_content',
  'complete_registration',
];

/** What writes a column; null when nothing here does: a new one is left to the plain path. */
export function writerFor(row: Row, column: Column): Writer | null {
  return (
    ownWriter(row, column) ??
    textWriter(row, column) ??
    eventWriter(row, column) ??
    windowWriter(row, column) ??
    singleWriter(row, column) ??
    ratioWriter(row, column)
  );
}

function ownWriter(row: Row, column: Column): Writer | null {
  const { json, counted } = row;
  const isFree = column.rule.kind === 'any';
  switch (column.name) {
    case 'account_id':
      return sameWriter(column, () => row.accountId);
    case 'pulled_on':
      return sameWriter(column, () => row.origin.pulled_on);
    case 'currency':
      return currencyWriter(row, column);
    case 'link_clicks':
      return linkClicksWriter(row, column);
    case 'link_clicks_source':
      return isFree ? (out) => putNone(out, column, SOURCES[linkClicksOf(row)] ?? null) : null;
    case 'outbound_clicks':
      return (out) => putFigure(out, column, { row, at: row.outbound });
    case 'purchase_value':
      return purchaseValueWriter(row, column);
    case 'purchase_value_source':
      return isFree ? (out) => putSource(out, column, { row, entry: counted.purchaseValue }) : null;
    case DEGRADED:
      return () => column.isNullable;
    case 'pixel_events':
      return isFree ? (out) => json.pixelEvents(out) : null;
    case 'other_actions':
      return isFree ? (out) => json.otherActions(out) : null;
    default:
      return null;
  }
}

/** For text that is mostly that of the row before. */
function sameWriter(column: Column, text: () => string | null): Writer {
  let last: string | null = null;
  let known: Constant | null = null;
  return (out) => {
    const cell = text();
    if (cell === null) return column.isNullable;
    if (known !== null && cell === last) {
      out.put(known);
      return true;
    }
    const { at } = out;
    if (!putCell(out, column, cell)) return false;
    last = cell;
    known = constant(out.textFrom(at));
    return true;
  };
}

function currencyWriter(row: Row, column: Column): Writer {
  const fromBatch = sameWriter(column, () => knownOr(row.origin.currency));
  const fromRecord = memberWriter(row, column, row.members.currency);
  const { currency } = row.members;
  return (out) =>
    currency !== null && row.scanner.has(currency) ? fromRecord(out) : fromBatch(out);
}

/** The member of the record that a column is the text of, or null. */
export function textMember(row: Row, column: string): Member | null {
  const name = Object.hasOwn(TEXTS, column) ? TEXTS[column] : undefined;
  return name === undefined ? null : row.scanner.members.find(name);
}

function textWriter(row: Row, column: Column): Writer | null {
  if (!Object.hasOwn(TEXTS, column.name)) return null;
  return memberWriter(row, column, textMember(row, column.name));
}

function memberWriter(row: Row, column: Column, member: Member | null): Writer {
  const { scanner } = row;
  if (member === null) return () => column.isNullable;
  return (out) => {
    if (!scanner.has(member)) return column.isNullable;
    const { view } = scanner;
    const [from, to] = [scanner.start(member), scanner.end(member)];
    return putMember(out, column, { member, view, from, to });
  };
}

function eventWriter(row: Row, column: Column): Writer | null {
  const { counted } = row;
  const event = EVENT_NAMES.indexOf(column.name);
  if (event >= 0)
    return event === LEADS ? leadsWriter(row, column) : countWriter(row, column, event);
  const sourced = SOURCED.find((name) => `${name}_source` === column.name);
  if (sourced === undefined || column.rule.kind !== 'any') return null;
  const number = EVENT_NAMES.indexOf(sourced);
  const source: Writer = (out) =>
    putSource(out, column, { row, entry: counted.found[number] ?? NONE });
  if (number !== LEADS) return source;
  return (out) => (counted.leadSum === undefined ? source(out) : putNone(out, column, BOTH_LEADS));
}

const BOTH_LEADS = constant(LEAD_PARTS.join('+'));

function leadsWriter(row: Row, column: Column): Writer | null {
  const count = countWriter(row, column, LEADS);
  const { counted } = row;
  return (out) => {
    const { leadSum } = counted;
    return leadSum === undefined ? count(out) : putCell(out, column, leadSum);
  };
}

function countWriter(row: Row, column: Column, event: number): Writer {
  const { counted } = row;
  const zero = zeroWriter(column);
  return (out) => {
    const entry = counted.found[event] ?? NONE;
    if (entry === NONE) return counted.isMeasured ? zero(out) : column.isNullable;
    return putFigure(out, column, { row, at: counted.figures.value[entry] ?? NONE });
  };
}

function purchaseValueWriter(row: Row, column: Column): Writer {
  const { counted } = row;
  const zero = zeroWriter(column);
  return (out) => {
    const entry = counted.purchaseValue;
    if (entry !== NONE) {
      return putFigure(out, column, { row, at: counted.figures.value[entry] ?? NONE });
    }
    return counted.hasNoValue && counted.isMeasured ? zero(out) : column.isNullable;
  };
}

const ZERO = constant('0');

function zeroWriter(column: Column): Writer {
  const isTaken = takesText(column.rule, '0');
  return (out) => {
    out.put(ZERO);
    return isTaken;
  };
}

function windowWriter(row: Row, column: Column): Writer | null {
  const { counted } = row;
  const window = COLUMN_WINDOWS.findIndex((name) => column.name.endsWith(`_${name}`));
  const name = column.name.slice(0, -(COLUMN_WINDOWS[window]?.length ?? 0) - 1);
  const entryOf =
    name === 'purchases'
      ? () => counted.found[PURCHASES] ?? NONE
      : name === 'purchase_value'
        ? () => counted.purchaseValue
        : null;
  if (window < 0 || entryOf === null) return null;
  const isValue = name === 'purchase_value';
  const list = isValue ? counted.values : counted.actions;
  const zero = zeroWriter(column);
  return (out) => {
    const entry = entryOf();
    const { figures } = counted;
    const sent =
      entry === NONE || list.members === null
        ? NONE
        : figures.windowOf(list.members, entry, 1 << window);
    if (sent !== NONE) return putFigure(out, column, { row, at: sent });
    const seen = isValue && !counted.hasNoValue ? 0 : counted.seen;
    if (seen === 0 || wasLeftOut(window, seen)) return column.isNullable;
    const isZero = entry === NONE || figures.hasWindows(entry) || isNothing(row, entry);
    return isZero ? zero(out) : column.isNullable;
  };
}

const CLICK_BITS = ['1d_click', '7d_click', '28d_click'].map(bitOf);

/** As `windowOf` says it, over bits. */
function wasLeftOut(window: number, seen: number): boolean {
  const own = CLICK_BITS[window] ?? 0;
  if (own === 0 || (seen & own) !== 0) return false;
  for (let narrower = 0; narrower < window; narrower++) {
    if ((seen & (CLICK_BITS[narrower] ?? 0)) !== 0) return true;
  }
  return false;
}

const FIRST_DIGIT = 0x31;

/** True when the value of an entry is a zero, however it is written. */
function isNothing({ counted, scanner }: Row, entry: number): boolean {
  const at = counted.figures.value[entry] ?? NONE;
  if (at === NONE) return false;
  const { entries, view } = scanner;
  for (let place = entries.from[at] ?? 0; place < (entries.to[at] ?? 0); place++) {
    if (view.getUint8(place) >= FIRST_DIGIT) return false;
  }
  return true;
}

function singleWriter(row: Row, column: Column): Writer | null {
  if (!Object.hasOwn(SINGLES, column.name)) return null;
  const [name = '', type = ''] = SINGLES[column.name] ?? [];
  const member = row.scanner.members.find(name);
  const list = { members: member?.entry ?? null, first: 0, end: 0 };
  return (out) => {
    if (!row.counted.readList(member, list)) return false;
    return putFigure(out, column, { row, at: row.valueIn(list, type) });
  };
}

const SOURCES = ['inline_link_clicks', 'link_click', 'outbound_clicks', 'clicks'].map(constant);
const NO_CLICKS = -1;

/** Number of the first of the figures of link clicks that was sent; `NO_CLICKS` when none was. */
function linkClicksOf({ counted, members, outbound }: Row): number {
  if (counted.has(members.inline)) return 0;
  const { linkClick, figures } = counted;
  if (linkClick !== NONE && figures.value[linkClick] !== NONE) return 1;
  if (outbound !== NONE) return 2;
  return counted.has(members.clicks) ? 3 : NO_CLICKS;
}

function linkClicksWriter(row: Row, column: Column): Writer {
  const { counted, members } = row;
  const inline = memberWriter(row, column, members.inline);
  const clicks = memberWriter(row, column, members.clicks);
  const zero = zeroWriter(column);
  return (out) => {
    switch (linkClicksOf(row)) {
      case 0:
        return inline(out);
      case 1:
        return putFigure(out, column, {
          row,
          at: counted.figures.value[counted.linkClick] ?? NONE,
        });
      case 2:
        return putFigure(out, column, { row, at: row.outbound });
      case 3:
        return clicks(out);
      default:
        return counted.isMeasured ? zero(out) : column.isNullable;
    }
  };
}

/** Writes a figure by its place, nothing where there is none. */
function putFigure(
  out: CsvBytes,
  column: Column,
  of: { readonly row: Row; readonly at: number },
): boolean {
  const { row, at } = of;
  if (at === NONE) return column.isNullable;
  const { entries, view } = row.scanner;
  return putPlain(out, column, { view, from: entries.from[at] ?? 0, to: entries.to[at] ?? 0 });
}

function putSource(
  out: CsvBytes,
  column: Column,
  of: { readonly row: Row; readonly entry: number },
): boolean {
  return putNone(out, column, of.entry === NONE ? null : of.row.counted.typeOf(of.entry).cell);
}

/** Writes text that is known beforehand, or nothing. */
function putNone(out: CsvBytes, column: Column, text: Constant | null): boolean {
  if (text === null) return column.isNullable;
  out.put(text);
  return true;
}
