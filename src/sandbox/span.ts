import { type Day, monthOf, monthStart, monthsBefore, parseDay, weekdayOf } from './calendar.ts';
import { GraphError, invalid } from './graph-error.ts';
import { DATE_PRESETS } from './insight-names.ts';
import { parseJson } from './parameter.ts';

/** Days from since to until, both inclusive. */
export interface Span {
  readonly since: Day;
  readonly until: Day;
}

/** How far back Meta keeps totals. */
const HISTORY_MONTHS = 37;

/**
 * The days a request asks for: `time_range`, else `date_preset`, else the last 30 days before
 * `today`. Throws a `GraphError`: 100 for days or a preset it cannot read, 3018 for a start more
 * than 37 months back.
 */
export function spanOf(params: URLSearchParams, today: Day): Span {
  const range = params.get('time_range');
  const oldest = monthsBefore(today, HISTORY_MONTHS);
  const span =
    range === null
      ? presetSpan(params.get('date_preset') ?? 'last_30d', today)
      : rangeSpan(parseJson('time_range', range));
  return range === null ? { ...span, since: Math.max(span.since, oldest) } : kept(span, today);
}

/** A span whose days Meta still has. Throws a `GraphError` (3018) for any other. */
function kept(span: Span, today: Day): Span {
  if (span.since >= monthsBefore(today, HISTORY_MONTHS)) return span;
  throw new GraphError({
    status: 400,
    code: 3018,
    message:
      '(#3018) The start date of the time range cannot be beyond 37 months from the current date',
  });
}

/**
 * The spans of `time_ranges`, in their order; they may overlap. Undefined without it. Throws as
 * `spanOf` does.
 */
export function rangesOf(params: URLSearchParams, today: Day): readonly Span[] | undefined {
  const text = params.get('time_ranges');
  if (text === null) return undefined;
  const list = parseJson('time_ranges', text);
  if (!Array.isArray(list) || list.length === 0) {
    throw invalid('Param time_ranges must be a non-empty array.');
  }
  return list.map((range) => kept(rangeSpan(range), today));
}

/** Days that a request names in `time_range`, or in all of `time_ranges`; 0 when it names none. */
export function daysAskedFor(params: URLSearchParams): number {
  try {
    const ranges: unknown = JSON.parse(
      params.get('time_ranges') ?? `[${params.get('time_range')}]`,
    );
    const spans = Array.isArray(ranges) ? ranges.map(rangeSpan) : [];
    return spans.reduce((days, { since, until }) => days + until - since + 1, 0);
  } catch {
    return 0;
  }
}

function rangeSpan(value: unknown): Span {
  const { since, until } = (value ?? {}) as Record<string, unknown>;
  const first = typeof since === 'string' ? parseDay(since) : undefined;
  const last = typeof until === 'string' ? parseDay(until) : undefined;
  if (first === undefined || last === undefined) {
    throw invalid(
      `Must be a date representation in the format YYYY-MM-DD: time_range[${first === undefined ? 'since' : 'until'}]`,
    );
  }
  if (first > last) throw invalid('time_range[since] cannot be after time_range[until]');
  return { since: first, until: last };
}

function presetSpan(preset: string, today: Day): Span {
  if (!DATE_PRESETS.has(preset)) {
    const names = [...DATE_PRESETS].join(', ');
    throw invalid(`date_preset must be one of the following values: ${names}`);
  }
  const days = /^last_(\d+)d$/.exec(preset)?.[1];
  if (days !== undefined) return { since: today - Number(days), until: today - 1 };
  return namedSpan(preset, today);
}

function namedSpan(preset: string, today: Day): Span {
  const month = monthStart(today);
  const quarter = monthStart(today, -((monthOf(today) - 1) % 3));
  const year = monthStart(today, 1 - monthOf(today));
  const sunday = today - weekdayOf(today);
  const monday = today - ((weekdayOf(today) + 6) % 7);
  const spans: Readonly<Record<string, readonly [Day, Day]>> = {
    today: [today, today],
    yesterday: [today - 1, today - 1],
    this_month: [month, today],
    last_month: [monthStart(today, -1), month - 1],
    this_quarter: [quarter, today],
    last_quarter: [monthStart(quarter, -3), quarter - 1],
    this_year: [year, today],
    last_year: [monthStart(year, -12), year - 1],
    this_week_sun_today: [sunday, today],
    this_week_mon_today: [monday, today],
    last_week_sun_sat: [sunday - 7, sunday - 1],
    last_week_mon_sun: [monday - 7, monday - 1],
  };
  const [since, until] = spans[preset] ?? [monthsBefore(today, HISTORY_MONTHS), today];
  return { since, until };
}
