import type { Contract } from '../contract.ts';
import { type Cell, formatCell } from '../csv.ts';
import { isZero, sumOf } from '../decimal.ts';
import type { Lineage } from '../lineage.ts';
import { HOUR_BREAKDOWN } from '../platforms/meta/datasets.ts';
import { DEGRADED } from '../platforms/meta/degraded.ts';
import { LEAD_PARTS } from '../platforms/meta/events.ts';
import { ratiosOf } from '../platforms/meta/ratios.ts';
import { knownOr } from '../staging-row.ts';
import { EVENT_NAMES } from './action-type.ts';
import { type Column, columnsOf } from './column.ts';
import { bitOf, COLUMN_WINDOWS, type Figure, type FigureList, FigureReader } from './figures.ts';
import { otherActions, pixelEvents } from './json-cell.ts';
import { type Member, Members } from './member.ts';
import { Scanner } from './scan.ts';
import { shapeOf } from './shape.ts';

/** A staging row, ready to be written. */
export interface FlatRow {
  readonly key: readonly Cell[];
  readonly line: string;
  readonly isDisagreeing: boolean;
}

/** One line of a raw file and where its record came from. */
export interface RawLine {
  readonly bytes: Buffer;
  readonly from: number;
  /** End of the line, without its line end. */
  readonly to: number;
  readonly lineage: Lineage;
  readonly accountId: string;
}

/** Where a column's text comes from, where that is a member of the record as it is. */
const TEXTS: Readonly<Record<string, string>> = {
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
  currency: 'account_currency',
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
const SINGLES: readonly (readonly [string, string, string])[] = [
  ['outbound_clicks', 'outbound_clicks', 'outbound_click'],
  ['video_thruplay', 'video_thruplay_watched_actions', 'video_view'],
  ['video_p25', 'video_p25_watched_actions', 'video_view'],
  ['video_p50', 'video_p50_watched_actions', 'video_view'],
  ['video_p75', 'video_p75_watched_actions', 'video_view'],
  ['video_p95', 'video_p95_watched_actions', 'video_view'],
  ['video_p100', 'video_p100_watched_actions', 'video_view'],
];

const CLICK_BITS = ['1d_click', '7d_click', '28d_click'].map(bitOf);
const PURCHASES = EVENT_NAMES.indexOf('purchases');
const LEADS = EVENT_NAMES.indexOf('leads');
/** Money and ratios that stay as they are. */
const FITS = /^\d{1,12}(\.\d{1,6})?$/;

/**
 * The flattener of an insights dataset, or null when its contracts say something that is not known
 * here. `stagingKey` names the columns of the key.
 */
export function flattenerFor(
  contracts: { readonly raw: Contract; readonly staging: Contract },
  stagingKey: readonly string[],
): Flattener | null {
  const shape = shapeOf(contracts.raw.schema);
  const columns = columnsOf(contracts.staging);
  if (shape === null || columns === null) return null;
  if (!columns.every(({ name }) => isFilled(name))) return null;
  return new Flattener(new Scanner(new Members(shape)), columns, stagingKey);
}

type Cells = Record<string, Cell>;

/** Makes staging rows of raw lines of one dataset without making objects of them. */
export class Flattener {
  private readonly scanner: Scanner;
  private readonly reader: FigureReader;
  private readonly columns: readonly Column[];
  private readonly stagingKey: readonly string[];
  /** Cells of the line that is being written: a joined text is one piece of memory, an added one many. */
  private readonly pieces: string[];
  private readonly empty: Readonly<Cells>;
  private readonly texts: readonly (readonly [string, Member])[];
  /** Rows with this member have fields missing, which the plain path knows what to do with. */
  private readonly degraded: Member | null;

  constructor(scanner: Scanner, columns: readonly Column[], stagingKey: readonly string[]) {
    this.scanner = scanner;
    this.reader = new FigureReader(scanner);
    this.columns = columns;
    this.stagingKey = stagingKey;
    this.pieces = columns.map(() => '');
    this.degraded = scanner.members.find(DEGRADED);
    this.empty = Object.fromEntries(columns.map(({ name }) => [name, null]));
    this.texts = Object.entries(TEXTS).flatMap(([column, name]) => {
      const member = scanner.members.find(name);
      return member === null ? [] : [[column, member] as const];
    });
  }

  /** The row of a record, or null when only the plain path can say what becomes of it. */
  flatten(raw: RawLine): FlatRow | null {
    const { scanner } = this;
    scanner.bytes = raw.bytes;
    if (scanner.read(raw.from) !== raw.to || scanner.hasTwins) return null;
    if (this.degraded !== null && scanner.has(this.degraded)) return null;
    const cells: Cells = { ...this.empty };
    if (!this.setTexts(cells) || !this.setCounts(cells, raw.lineage)) return null;
    cells.account_id = raw.accountId;
    cells.currency ??= knownOr(raw.lineage.currency);
    cells.pulled_on = raw.lineage.pulled_on;
    const { spend, impressions, clicks } = cells as Record<string, string | null>;
    const parts = {
      spend: spend ?? null,
      impressions: impressions ?? null,
      clicks: clicks ?? null,
    };
    Object.assign(cells, ratiosOf(parts, this.reported()));
    const line = this.lineOf(cells);
    if (line === null) return null;
    const key = this.stagingKey.map((column) => cells[column] ?? null);
    return { key, line, isDisagreeing: cells.reported_agrees === false };
  }

  private setTexts(cells: Cells): boolean {
    const { scanner } = this;
    for (const [column, member] of this.texts) {
      if (!scanner.has(member)) continue;
      const [from, to] = [scanner.from[member.slot], scanner.to[member.slot]];
      const text = scanner.bytes.toString('utf8', from, to);
      if (!text.includes('\\')) cells[column] = text;
      else cells[column] = JSON.parse(`"${text}"`) as string;
    }
    return fits(cells.spend) && fits(cells.frequency);
  }

  private reported(): Readonly<Record<string, unknown>> {
    return { cpc: this.textOf('cpc'), cpm: this.textOf('cpm'), ctr: this.textOf('ctr') };
  }

  private textOf(name: string): string | null {
    const member = this.scanner.members.find(name);
    return member !== null && this.scanner.has(member) ? this.scanner.text(member) : null;
  }

  private has(name: string): boolean {
    const member = this.scanner.members.find(name);
    return member !== null && this.scanner.has(member);
  }

  private listOf(name: string): FigureList | null {
    return this.reader.list(this.scanner.members.find(name));
  }

  private setCounts(cells: Cells, lineage: Lineage): boolean {
    const actions = this.listOf('actions');
    const values = this.listOf('action_values');
    const conversions = this.listOf('conversions');
    if (actions === null || values === null || conversions === null) return false;
    if (!this.setSingles(cells)) return false;
    const isMeasured = this.has('impressions') || this.has('actions');
    const none = isMeasured ? '0' : null;
    const purchases = actions.found[PURCHASES] ?? null;
    const value = values.found[PURCHASES] ?? null;
    const seen = actions.seen | values.seen;
    const count = purchases === null ? none : purchases.value;
    const wereAsked = this.has('action_values') || lineage.source === 'api';
    const noValue = wereAsked || (count !== null && isZero(count));
    setEvents(cells, actions, none);
    setWindows(cells, { name: 'purchases', found: purchases, seen });
    cells.purchase_value = value === null ? (noValue ? none : null) : value.value;
    cells.purchase_value_source = value?.type.name ?? null;
    setWindows(cells, { name: 'purchase_value', found: value, seen: noValue ? seen : 0 });
    cells.pixel_events = pixelEvents(actions, conversions);
    cells.other_actions = otherActions(actions);
    this.setLinkClicks(cells, { actions, none });
    return true;
  }

  private setSingles(cells: Cells): boolean {
    for (const [column, name, type] of SINGLES) {
      if (!this.has(name)) continue;
      const list = this.listOf(name);
      if (list === null) return false;
      cells[column] = list.all.find((figure) => figure.type.name === type)?.value ?? null;
    }
    return true;
  }

  private setLinkClicks(
    cells: Cells,
    row: { readonly actions: FigureList; readonly none: string | null },
  ): void {
    const inline = this.textOf('inline_link_clicks');
    const clicks = row.actions.all.find(({ type }) => type.isLinkClick)?.value ?? null;
    const candidates = [
      ['inline_link_clicks', inline],
      ['link_click', clicks],
      ['outbound_clicks', cells.outbound_clicks ?? null],
      ['clicks', cells.clicks ?? null],
    ] as const;
    const used = candidates.find(([, found]) => found !== null);
    cells.link_clicks = used === undefined ? row.none : used[1];
    cells.link_clicks_source = used?.[0] ?? null;
  }

  /** The row as CSV; null when a cell does not keep the contract. */
  private lineOf(cells: Cells): string | null {
    const { pieces } = this;
    for (let at = 0; at < this.columns.length; at++) {
      const column = this.columns[at];
      if (column === undefined) return null;
      const cell = cells[column.name] ?? null;
      if (cell === null ? !column.isNullable : !column.takes(cell)) return null;
      pieces[at] = cell === null ? '' : column.isPlain ? String(cell) : formatCell(cell);
    }
    return pieces.join(',');
  }
}

function fits(cell: Cell | undefined): boolean {
  return typeof cell !== 'string' || FITS.test(cell);
}

/** Events that have a column that says which name was used. */
const SOURCE_COLUMNS: ReadonlyMap<string, string> = new Map(
  [
    'purchases',
    'leads',
    'add_to_cart',
    'initiate_checkout',
    'view_content',
    'complete_registration',
  ].map((name) => [name, `${name}_source`]),
);

function setEvents(cells: Cells, actions: FigureList, none: string | null): void {
  for (let event = 0; event < EVENT_NAMES.length; event++) {
    const name = EVENT_NAMES[event] ?? '';
    const found = actions.found[event] ?? null;
    cells[name] = found === null ? none : found.value;
    const source = SOURCE_COLUMNS.get(name);
    if (source !== undefined) cells[source] = found?.type.name ?? null;
  }
  if (actions.found[LEADS]?.type.name !== 'lead') setLeadSum(cells, actions);
}

/** Leads that come in both ways are the one sum that is allowed. */
function setLeadSum(cells: Cells, actions: FigureList): void {
  const [onMeta, onSite] = [1, 2].map((part) =>
    actions.all.find(({ type }) => type.leadPart === part),
  );
  if (onMeta === undefined || onSite === undefined) return;
  const isKnown = onMeta.value !== null && onSite.value !== null;
  cells.leads = isKnown ? sumOf([onMeta.value, onSite.value]) : null;
  cells.leads_source = LEAD_PARTS.join('+');
}

const WINDOW_COLUMNS: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  ['purchases', 'purchase_value'].map((name) => [
    name,
    COLUMN_WINDOWS.map((window) => `${name}_${window}`),
  ]),
);

/** As `windowOf` says it, over bits. */
function setWindows(
  cells: Cells,
  of: { readonly name: string; readonly found: Figure | null; readonly seen: number },
): void {
  const { name, found, seen } = of;
  for (let window = 0; window < COLUMN_WINDOWS.length; window++) {
    const sent = found === null ? -1 : found.windows.indexOf(COLUMN_WINDOWS[window] ?? '');
    const column = WINDOW_COLUMNS[name]?.[window] ?? '';
    if (sent >= 0) cells[column] = found?.amounts[sent] ?? null;
    else if (seen === 0 || wasLeftOut(window, seen)) cells[column] = null;
    else if (found === null || found.windows.length > 0) cells[column] = '0';
    else cells[column] = found.value !== null && isZero(found.value) ? '0' : null;
  }
}

function wasLeftOut(window: number, seen: number): boolean {
  const own = CLICK_BITS[window] ?? 0;
  if (own === 0 || (seen & own) !== 0) return false;
  return CLICK_BITS.slice(0, window).some((narrower) => (seen & narrower) !== 0);
}

const OTHERS: ReadonlySet<string> = new Set([
  DEGRADED,
  ...['account_id', 'pulled_on', 'link_clicks', 'link_clicks_source', 'pixel_events'],
  ...['other_actions', 'purchase_value', 'purchase_value_source', 'cpc', 'cpm', 'ctr'],
  ...['cpc_reported', 'cpm_reported', 'ctr_reported', 'reported_agrees'],
]);

/** Whether the column is filled here; a new one is left to the plain path until it is. */
function isFilled(column: string): boolean {
  return (
    Object.hasOwn(TEXTS, column) ||
    OTHERS.has(column) ||
    EVENT_NAMES.includes(column) ||
    [...SOURCE_COLUMNS.values(), ...Object.values(WINDOW_COLUMNS).flat()].includes(column) ||
    SINGLES.some(([single]) => single === column)
  );
}
