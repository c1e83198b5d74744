import { isDecimal, rounded, sumOf } from '../../decimal.ts';

/**
 * The attribution windows that have columns. `1d_click` is within `7d_click`, which is within
 * `28d_click` (Marketing API, attribution windows).
 */
export const WINDOWS = ['1d_click', '7d_click', '28d_click', '1d_view', '1d_ev'] as const;

/** One of the attribution windows that have columns. */
export type AttributionWindow = (typeof WINDOWS)[number];

/** What a row says of one action type. */
export interface Action {
  /** Under the ad set's own attribution setting; null when the API sent none, or two that disagree. */
  readonly value: string | null;
  /** By window name, only those that were sent. */
  readonly windows: ReadonlyMap<string, string>;
}

/** Actions of one list (`actions`, `action_values`, …) by action type. */
export type Actions = ReadonlyMap<string, Action>;

/**
 * Reads a list of AdsActionStats. A type that comes more than once: repetitions count once; where a
 * row without a breakdown key (`action_device`, …) stands beside rows with one, it is their total;
 * else the parts are added. Two totals that disagree leave the value unknown. A list that is absent
 * or no list has no actions.
 */
export function readActions(list: unknown): Actions {
  const entries = new Map<string, Entry[]>();
  for (const entry of Array.isArray(list) ? (list as readonly unknown[]) : []) {
    const type = isEntry(entry) ? entry.action_type : undefined;
    if (!isEntry(entry) || typeof type !== 'string') continue;
    const known = entries.get(type);
    if (known === undefined) entries.set(type, [entry]);
    else known.push(entry);
  }
  return new Map([...entries].map(([type, same]) => [type, merge(same)]));
}

type Entry = Readonly<Record<string, unknown>>;

function isEntry(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function merge(entries: readonly Entry[]): Action {
  const [first, ...rest] = distinct(entries);
  if (first === undefined) return UNKNOWN;
  if (rest.length === 0) return readAction(first);
  const totals = [first, ...rest].filter((entry) => !Object.keys(entry).some(isBreakdown));
  const [total, ...others] = totals;
  if (total === undefined) return addParts([first, ...rest].map(readAction));
  return others.length === 0 ? readAction(total) : UNKNOWN;
}

const UNKNOWN: Action = { value: null, windows: new Map() };

function distinct(entries: readonly Entry[]): readonly Entry[] {
  if (entries.length === 1) return entries;
  return [...new Map(entries.map((entry) => [canonical(entry), entry])).values()];
}

function canonical(entry: Entry): string {
  return JSON.stringify(Object.entries(entry).sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** Keys of AdsActionStats that say which part of an action type an entry is (SDK 26, breakdowns). */
const BREAKDOWNS: ReadonlySet<string> = new Set([
  'conversion_destination',
  'is_business_ai_assisted',
  'matched_persona_id',
  'matched_persona_name',
  'signal_source_bucket',
  'standard_event_content_type',
  'interactive_component_sticker_id',
  'interactive_component_sticker_response',
]);

function isBreakdown(key: string): boolean {
  return key !== 'action_type' && (key.startsWith('action_') || BREAKDOWNS.has(key));
}

function readAction(entry: Entry): Action {
  const windows = new Map<string, string>();
  for (const [key, amount] of Object.entries(entry)) {
    if (key === 'action_type' || key === 'value' || isBreakdown(key)) continue;
    if (isDecimal(amount)) windows.set(key, rounded(amount));
  }
  const value = entry.value;
  return { value: isDecimal(value) ? rounded(value) : null, windows };
}

function addParts(parts: readonly Action[]): Action {
  const names = new Set(parts.flatMap((part) => [...part.windows.keys()]));
  const windows = [...names].map((name): [string, string] => [
    name,
    sumOf(parts.flatMap((part) => part.windows.get(name) ?? [])),
  ]);
  const values = parts.map((part) => part.value);
  const isKnown = values.every((value) => value !== null);
  return { value: isKnown ? sumOf(values) : null, windows: new Map(windows) };
}
