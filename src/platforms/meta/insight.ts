import type { Cell } from '../../csv.ts';
import { isDecimal, isZero, rounded } from '../../decimal.ts';
import { knownOr, type RawRecord, type StagingRow, textOf } from '../../staging/row.ts';
import { type Actions, readActions, WINDOWS } from './actions.ts';
import { HOUR_BREAKDOWN } from './datasets.ts';
import { DEGRADED } from './degraded.ts';
import { EVENTS, type Found, findEvent, findLeads } from './events.ts';
import { linkClicksOf } from './link-clicks.ts';
import { otherActionsOf } from './other-actions.ts';
import { pixelEventsOf } from './pixel-events.ts';
import { ratiosOf } from './ratios.ts';
import { type SeenWindows, seenWindows, windowOf } from './windows.ts';

/**
 * Flattens one Insights row into the columns of every insights dataset, in parts; a dataset takes
 * those its contract has. NULL and 0: a field that the API leaves out when it is zero cannot be told from one
 * that was not asked for, so
 * - a field of its own (`outbound_clicks`, `video_…`) that is absent is NULL;
 * - a count out of `actions` is 0 when the row has `impressions` or `actions` and no such action;
 * - an action without `value` (mixed attribution settings) is NULL, with its source kept;
 * - `purchase_value` is 0 without purchases; when there are purchases and no `action_values` at all,
 *   it is 0 in an answer to adlake's own request, which always asks for them, and NULL in captured
 *   pages, which may not have;
 * - what depends on a field that `_degraded` names is NULL;
 * - an attribution window that is absent is 0 when the row shows that windows were asked for.
 */
export function flattenInsight(raw: RawRecord): readonly StagingRow[] {
  const { record } = raw;
  const figures = figuresOf(record);
  const actions = readActions(record.actions);
  const outbound = valueIn(record, 'outbound_clicks', 'outbound_click');
  return [
    namesOf(raw),
    figures,
    linkClicksOf(record, { actions, outbound, isMeasured: isMeasured(record) }),
    { unique_clicks: textOf(record, 'unique_clicks'), outbound_clicks: outbound },
    ...countsOf(raw, actions),
    videosOf(record),
    ratiosOf(figures, record),
    { pixel_events: pixelEventsOf(actions, readActions(record.conversions)) },
    { _degraded: textOf(record, DEGRADED) },
  ];
}

function namesOf(raw: RawRecord): StagingRow {
  const text = (name: string): string | null => textOf(raw.record, name);
  return {
    account_id: raw.accountId,
    date: text('date_start'),
    campaign_id: text('campaign_id'),
    campaign_name: text('campaign_name'),
    ad_set_id: text('adset_id'),
    ad_set_name: text('adset_name'),
    ad_id: text('ad_id'),
    ad_name: text('ad_name'),
    age: text('age'),
    gender: text('gender'),
    country: text('country'),
    region: text('region'),
    publisher_platform: text('publisher_platform'),
    platform_position: text('platform_position'),
    device_platform: text('device_platform'),
    hour_label: text(HOUR_BREAKDOWN),
    currency: text('account_currency') ?? knownOr(raw.lineage.currency),
    attribution_setting: text('attribution_setting'),
    objective: text('objective'),
    optimization_goal: text('optimization_goal'),
    pulled_on: raw.lineage.pulled_on,
    quality_ranking: text('quality_ranking'),
    engagement_rate_ranking: text('engagement_rate_ranking'),
    conversion_rate_ranking: text('conversion_rate_ranking'),
  };
}

function figuresOf(record: Readonly<Record<string, unknown>>): {
  readonly spend: string | null;
  readonly impressions: string | null;
  readonly reach: string | null;
  readonly frequency: string | null;
  readonly clicks: string | null;
} {
  return {
    spend: decimalIn(record, 'spend'),
    impressions: textOf(record, 'impressions'),
    reach: textOf(record, 'reach'),
    frequency: decimalIn(record, 'frequency'),
    clicks: textOf(record, 'clicks'),
  };
}

/** Whether the row came with metrics at all, so that an absent action is one that did not happen. */
function isMeasured(record: Readonly<Record<string, unknown>>): boolean {
  if (isLost(record, 'actions')) return false;
  return textOf(record, 'impressions') !== null || Array.isArray(record.actions);
}

/** Whether the API did not give a field of this row: then that it is absent says nothing. */
function isLost(record: Readonly<Record<string, unknown>>, field: string): boolean {
  return textOf(record, DEGRADED)?.split(',').includes(field) ?? false;
}

function countsOf(raw: RawRecord, actions: Actions): readonly StagingRow[] {
  const { record } = raw;
  const values = readActions(record.action_values);
  const seen = seenWindows([actions, values]);
  const none = isMeasured(record) ? '0' : null;
  const found = { ...findAll(actions), leads: findLeads(actions) };
  const purchaseValue = findEvent(values, EVENTS.purchases);
  const isAnswer = raw.lineage.source === 'api' && !isLost(record, 'action_values');
  const wereAsked = Array.isArray(record.action_values) || isAnswer;
  const noValue = wereAsked || isNothing(countOf(found.purchases, none));
  return [
    withSource('purchases', found.purchases, none),
    windowColumns('purchases', found.purchases, seen),
    withSource('purchase_value', purchaseValue, noValue ? none : null),
    windowColumns('purchase_value', purchaseValue, noValue ? seen : NOTHING_SEEN),
    ...CONVERSIONS.map((name) => withSource(name, found[name], none)),
    ...ENGAGEMENTS.map((name) => ({ [name]: wholeOf(countOf(found[name], none)) })),
    { other_actions: otherActionsOf(actions, Object.values(found)) },
  ];
}

/** Counted with a source column: they can be fractions where a model attributes them. */
const CONVERSIONS = [
  'leads',
  'add_to_cart',
  'initiate_checkout',
  'view_content',
  'complete_registration',
] as const;

/** Whole counts under one name. */
const ENGAGEMENTS = [
  'landing_page_views',
  'post_reactions',
  'comments',
  'shares',
  'saves',
  'video_views_3s',
] as const;

const NOTHING_SEEN: SeenWindows = new Set();

type EventName = keyof typeof EVENTS;

function findAll(actions: Actions): Readonly<Record<EventName, Found | null>> {
  const names = Object.keys(EVENTS) as EventName[];
  return Object.fromEntries(
    names.map((name) => [name, findEvent(actions, EVENTS[name])]),
  ) as Readonly<Record<EventName, Found | null>>;
}

function isNothing(count: string | null): boolean {
  return count !== null && isZero(count);
}

function countOf(found: Found | null, none: string | null): string | null {
  return found === null ? none : found.action.value;
}

function withSource(name: string, found: Found | null, none: string | null): StagingRow {
  return { [name]: countOf(found, none), [`${name}_source`]: found?.source ?? null };
}

function windowColumns(name: string, found: Found | null, seen: SeenWindows): StagingRow {
  const cells = WINDOWS.map((window): [string, Cell] => [
    `${name}_${window}`,
    windowOf(found?.action ?? null, window, seen),
  ]);
  return Object.fromEntries(cells);
}

const VIDEO_FIELDS = [
  ['video_thruplay', 'video_thruplay_watched_actions'],
  ['video_p25', 'video_p25_watched_actions'],
  ['video_p50', 'video_p50_watched_actions'],
  ['video_p75', 'video_p75_watched_actions'],
  ['video_p95', 'video_p95_watched_actions'],
  ['video_p100', 'video_p100_watched_actions'],
] as const;

function videosOf(record: Readonly<Record<string, unknown>>): StagingRow {
  const cells = VIDEO_FIELDS.map(([column, field]): [string, Cell] => [
    column,
    valueIn(record, field, 'video_view'),
  ]);
  return Object.fromEntries(cells);
}

/** The count of one action type in a field of its own. */
function valueIn(
  record: Readonly<Record<string, unknown>>,
  field: string,
  type: string,
): string | null {
  return wholeOf(readActions(record[field]).get(type)?.value ?? null);
}

function decimalIn(record: Readonly<Record<string, unknown>>, name: string): string | null {
  const text = textOf(record, name);
  return isDecimal(text) ? rounded(text) : text;
}

/** Counts are whole; `3.0` is 3, and 3.5 stays as it is for the contract to refuse. */
function wholeOf(text: string | null): string | null {
  return text === null ? null : text.replace(/\.0+$/, '');
}
