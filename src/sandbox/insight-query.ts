import { type ActionSplit, actionSplit } from './action-split.ts';
import { type Day, monthsBefore } from './calendar.ts';
import { type Family, familyNameOf } from './cell.ts';
import { type Condition, parseFiltering } from './filter.ts';
import { invalid } from './graph-error.ts';
import { BREAKDOWN_NAMES, INSIGHT_FIELDS, WINDOW_NAMES } from './insight-names.ts';
import { parseCount, parseList } from './parameter.ts';
import { rangesOf, type Span, spanOf } from './span.ts';

/** The levels of an insights request. */
export const LEVELS = ['account', 'campaign', 'adset', 'ad'] as const;

/** What one row is about. */
export type Level = (typeof LEVELS)[number];

/** An insights request that has been understood; since and until are inclusive. */
export interface InsightQuery {
  readonly level: Level;
  readonly fields: readonly string[];
  readonly since: Day;
  readonly until: Day;
  readonly increment: number | 'monthly' | 'all_days';
  /** One result for each; days and increment do not count then. */
  readonly ranges: readonly Span[] | undefined;
  readonly breakdowns: readonly string[];
  /** Undefined without breakdowns; `nothing` for those that give no data to an account. */
  readonly family: Family['name'] | 'nothing' | undefined;
  /** `action_breakdowns` beside `action_type`. */
  readonly split: readonly ActionSplit[];
  readonly windows: readonly string[];
  /** Undefined when the request has no `filtering`. */
  readonly filtering: readonly Condition[] | undefined;
  readonly sort: { readonly field: string; readonly descending: boolean } | undefined;
  /** Fields of the sum over all rows; undefined when it is not asked for. */
  readonly summary: readonly string[] | undefined;
  /** Rows that begin before have no reach, frequency or unique clicks. */
  readonly peopleSince: Day;
  /** True: rows of mixed attribution settings have no `value` for what happens outside Meta. */
  readonly hidesMixed: boolean;
}

const DEFAULT_FIELDS = 'account_id,campaign_id,date_start,date_stop,impressions,spend';
/** Breakdowns that answer with no data, not with an error, unless the account opted in. */
const OPT_IN = [
  'impression_device',
  'frequency_value',
  'hourly_stats_aggregated_by_audience_time_zone',
  'comscore_market',
];
const FILTER_FIELDS = new Set(
  ['campaign', 'adset', 'ad'].flatMap((level) =>
    ['id', 'name', 'effective_status', 'impressions', 'spend', 'clicks'].map(
      (field) => `${level}.${field}`,
    ),
  ),
);
const NOT_SERVED = ['summary_action_breakdowns', 'export_format'];
const SORTS = ['spend', 'impressions', 'clicks', 'reach', 'inline_link_clicks'];
/** How far back hourly rows go, and figures of people by breakdown. */
const SHORT_HISTORY_MONTHS = 13;

/**
 * Reads the parameters of an insights request for an account whose current day is `today`. Throws a
 * `GraphError` in Meta's words for everything Meta would refuse, and for what only the sandbox does
 * not serve.
 */
export function parseInsightQuery(params: URLSearchParams, own: Level, today: Day): InsightQuery {
  for (const name of NOT_SERVED) {
    if (params.has(name)) throw invalid(`${name} is not served by the sandbox.`);
  }
  const breakdowns = breakdownsOf(params.get('breakdowns') ?? '');
  const filtering = params.get('filtering');
  const fields = fieldsOf(params.get('fields') ?? DEFAULT_FIELDS);
  const family = familyOfQuery(breakdowns);
  const oldest = monthsBefore(today, SHORT_HISTORY_MONTHS);
  const ranges = rangesOf(params, today);
  const { since, until } = ranges === undefined ? spanOf(params, today) : around(ranges);
  return {
    level: levelOf(params.get('level') ?? own),
    fields,
    since: family === 'hour' ? Math.max(since, oldest) : since,
    until,
    increment: incrementOf(params.get('time_increment') ?? 'all_days'),
    ranges,
    breakdowns,
    split: splitOf(params, fields),
    family,
    windows: windowsOf(params),
    filtering: filtering === null ? undefined : parseFiltering(filtering, FILTER_FIELDS),
    sort: sortOf(params.get('sort')),
    summary: summaryOf(params, fields),
    peopleSince: family === undefined ? -Infinity : oldest,
    hidesMixed: false,
  };
}

/** The span from the first to the last day of several. */
function around(ranges: readonly Span[]): Span {
  return {
    since: Math.min(...ranges.map(({ since }) => since)),
    until: Math.max(...ranges.map(({ until }) => until)),
  };
}

function splitOf(params: URLSearchParams, fields: readonly string[]): readonly ActionSplit[] {
  const asked = parseList('action_breakdowns', params.get('action_breakdowns') ?? '');
  const names = asked.filter((name) => name !== 'action_type');
  if (names.length > 0 && !fields.some((field) => /action|cost_per|roas/.test(field))) {
    throw invalid('action_breakdowns need actions among the fields');
  }
  return names.map(actionSplit);
}

function levelOf(text: string): Level {
  const level = LEVELS.find((name) => name === text);
  if (level === undefined) {
    throw invalid('level must be one of the following values: ad, adset, campaign, account');
  }
  return level;
}

function fieldsOf(text: string): readonly string[] {
  const fields = parseList('fields', text);
  const unknown = fields.find((field) => !INSIGHT_FIELDS.has(field));
  if (unknown !== undefined) {
    throw invalid(
      `${unknown} is not valid for fields param. please check https://developers.facebook.com/docs/marketing-api/reference/ads-insights/ for all valid values`,
    );
  }
  return fields;
}

function breakdownsOf(text: string): readonly string[] {
  const breakdowns = parseList('breakdowns', text);
  breakdowns.forEach((name, index) => {
    if (BREAKDOWN_NAMES.has(name)) return;
    const names = [...BREAKDOWN_NAMES].join(', ');
    throw invalid(`breakdowns[${index}] must be one of the following values: ${names}`);
  });
  return breakdowns;
}

function familyOfQuery(breakdowns: readonly string[]): InsightQuery['family'] {
  if (breakdowns.length === 0) return undefined;
  if (breakdowns.some((name) => OPT_IN.includes(name))) return 'nothing';
  const family = familyNameOf(breakdowns);
  if (family !== undefined) return family;
  const columns = ['action_type', ...breakdowns].join(', ');
  throw invalid(`Current combination of data breakdown columns (${columns}) is invalid`);
}

function windowsOf(params: URLSearchParams): readonly string[] {
  const windows = parseList(
    'action_attribution_windows',
    params.get('action_attribution_windows') ?? '',
  );
  windows.forEach((name, index) => {
    if (WINDOW_NAMES.has(name)) return;
    const names = [...WINDOW_NAMES].join(', ');
    throw invalid(
      `action_attribution_windows[${index}] must be one of the following values: ${names}`,
    );
  });
  return windows.filter((name) => name !== 'default');
}

function incrementOf(text: string): InsightQuery['increment'] {
  if (text === 'monthly' || text === 'all_days') return text;
  const days = parseCount('time_increment', text);
  if (days > 90) throw invalid('time_increment must be between 1 and 90, or monthly, or all_days');
  return days;
}

function sortOf(text: string | null): InsightQuery['sort'] {
  if (text === null) return undefined;
  const sorts = parseList('sort', text);
  const [, field, direction] =
    /^(\w+|actions:[\w.]+)_(ascending|descending)$/.exec(sorts[0] ?? '') ?? [];
  const known = field !== undefined && (SORTS.includes(field) || field.startsWith('actions:'));
  if (sorts.length !== 1 || !known) {
    throw invalid(
      `sort must be one element: one of ${SORTS.join(', ')} or actions:<type> with _ascending or _descending`,
    );
  }
  return { field, descending: direction === 'descending' };
}

/** The fields of `summary`, or with `default_summary` those of the rows. */
function summaryOf(
  params: URLSearchParams,
  fields: readonly string[],
): readonly string[] | undefined {
  const asked = params.get('summary');
  if (asked !== null && asked !== 'true') return fieldsOf(asked);
  return asked === 'true' || params.get('default_summary') === 'true' ? fields : undefined;
}
