import type { Batch } from './landing/batch.ts';
import { isDay } from './window.ts';

/**
 * Why the content of a `_batch.json` is no description of a batch, as part of a sentence, or null when it
 * is one. Written by hand: it is asked for every answer there is, and a compiled contract takes longer to
 * start than a small run.
 */
export function flawOfBatch(value: unknown): string | null {
  if (!isObject(value)) return 'is no JSON object';
  const flawed = Object.entries(SHAPE).find(([name, isRight]) => !isRight(value[name]));
  return flawed === undefined ? null : `has no usable ${flawed[0]}`;
}

type Test = (value: unknown) => boolean;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText: Test = (value) => typeof value === 'string';
const orNull =
  (test: Test): Test =>
  (value) =>
    value === null || test(value);
const orAbsent =
  (test: Test): Test =>
  (value) =>
    value === undefined || test(value);
const listOf =
  (test: Test): Test =>
  (value) =>
    Array.isArray(value) && value.every(test);
const isDayText: Test = (value) => typeof value === 'string' && isDay(value);
const isCount: Test = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
/** A number of the account or the name of one: never a way to another folder. */
const isName: Test = (value) =>
  typeof value === 'string' && /^[^/\\\0]+$/.test(value) && !DOTS.has(value);
const DOTS: ReadonlySet<unknown> = new Set(['.', '..']);

const SOURCES: ReadonlySet<unknown> = new Set<Batch['source']>([
  'api',
  'captured',
  'correction',
  'import',
]);

const isInstant: Test = (value) =>
  typeof value === 'string' &&
  /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3,}Z$/.test(value) &&
  isDay(value.slice(0, 10));

/**
 * A name that the engine of dates knows. Its list of names comes at once; to ask about one that is not on it, an
 * older name for example, takes 25 ms the first time.
 */
const isZone: Test = (value) => {
  if (typeof value !== 'string') return false;
  if (ZONES.size === 0)
    for (const name of Intl.supportedValuesOf('timeZone')) ZONES.set(name, true);
  const known = ZONES.get(value) ?? hasZone(value);
  ZONES.set(value, known);
  return known;
};
const ZONES = new Map<string, boolean>();

function hasZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const isCampaigns: Test = (value) => {
  if (!isObject(value)) return false;
  if (value.kind === 'all') return true;
  return (value.kind === 'in' || value.kind === 'not_in') && listOf(isText)(value.ids);
};

const isMissingPart: Test = (value) =>
  isObject(value) &&
  [value.campaigns, value.ad_sets, value.ads].every(isCampaigns) &&
  orNull(listOf(isText))(value.fields) &&
  isText(value.why);

const isScope: Test = (value) =>
  isObject(value) &&
  orNull(isDayText)(value.since) &&
  orNull(isDayText)(value.until) &&
  isCampaigns(value.campaigns) &&
  typeof value.complete === 'boolean' &&
  orAbsent(listOf(isMissingPart))(value.missing);

const isPage: Test = (value) =>
  isObject(value) &&
  isName(value.file) &&
  typeof value.sha256 === 'string' &&
  /^[0-9a-f]{64}$/.test(value.sha256) &&
  isCount(value.bytes) &&
  orNull(isCount)(value.rows);

const SHAPE: Readonly<Record<keyof Batch, Test>> = {
  batch_id: isName,
  dataset: isName,
  account_id: isName,
  object_id: orNull(isText),
  source: (value) => SOURCES.has(value),
  scope: isScope,
  today: isDayText,
  landed_at: isInstant,
  api_version: orNull(isText),
  request: isObject,
  timezone: orNull(isZone),
  currency: orNull(isText),
  reading: orAbsent(isObject),
  pages: listOf(isPage),
};
