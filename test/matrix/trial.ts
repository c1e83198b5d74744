import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MetaConfig } from '../../src/config.ts';
import { silent } from '../../src/progress.ts';
import {
  FAULT_NAMES,
  type FaultName,
  type SandboxOptions,
  startSandbox,
} from '../../src/sandbox/index.ts';
import { saltOf, uniform } from '../../src/sandbox/random.ts';
import type { AccountSummary, ExtractSummary } from '../../src/stages/api-to-landing.ts';
import { addDays, type Window } from '../../src/window.ts';
import type { Lake } from '../../src/zone.ts';
import { type ExtractSketch, pull } from '../helpers/extract.ts';
import { placeText, type RawRow, type RawRows, type RowPlace, rawRows } from './raw-rows.ts';
import { virtualClock } from './virtual-clock.ts';

/** A pull under faults. */
export interface Trial {
  readonly rates: Readonly<Partial<Record<FaultName, number>>>;
  /** Chooses where the faults fall. */
  readonly seed: number;
  readonly settings?: Partial<MetaConfig>;
  /** Most values (rows by fields) of one insights query; no limit when absent. */
  readonly dataLimit?: number;
}

/** What came of a trial; all lists have to be empty. */
export interface Outcome {
  /** Rows that are missing although nobody says so. */
  readonly lost: readonly string[];
  /** Rows that are not those of the truth. */
  readonly wrong: readonly string[];
  readonly twice: readonly string[];
  /** What was not as it should be after a run without faults. */
  readonly unhealed: readonly string[];
  /** Rows that are missing, and it is said why. */
  readonly explained: number;
  /** Why accounts were not complete. */
  readonly errors: readonly string[];
  readonly calls: number;
}

/** The rate of a fault when it is alone: 20 % of whatever it falls on, but one account in two. */
export function rateAlone(fault: FaultName): number {
  return fault === 'permission' ? 0.5 : 0.2;
}

/** Faults that end an account's pull whatever is tried, with their rates in a mix. */
const LASTING: Trial['rates'] = { 'expired-token': 0.02, permission: 0.5 };

/**
 * Rates of a mix of all faults for a seed: each is there or not and has a rate of its own, up to
 * 30 %. One mix in four has a token that expires or an account that is refused, which would
 * otherwise hide what the others do.
 */
export function mixedRates(seed: number): Trial['rates'] {
  const draw = (place: number): number => uniform(saltOf(`mix/${seed}`), place);
  const lasting = draw(100) < 0.25 ? LASTING : {};
  const passing = FAULT_NAMES.filter((name, place) => !(name in LASTING) && draw(50 + place) < 0.6);
  const rates = passing.map((name, place) => {
    const isOfWorld = OF_THE_WORLD.includes(name);
    return [name, isOfWorld ? rateAlone(name) : 0.3 * draw(place)] as const;
  });
  return { ...Object.fromEntries(rates), ...lasting };
}

/** How a seed asks: every second one for reports, and every third where the data of a call are limited. */
export function manner(seed: number): Pick<Trial, 'settings' | 'dataLimit'> {
  return {
    ...(seed % 2 === 0 ? { settings: { reportRows: 1 } } : {}),
    ...(seed % 3 === 0 ? { dataLimit: DATA_LIMITS[seed % DATA_LIMITS.length] ?? 1000 } : {}),
  };
}

/** From too little for one row with all its fields to a day and more. */
const DATA_LIMITS = [20, 300, 1000, 4000] as const;

/** The day of all trials. */
export const TODAY = '2026-11-20';
/** Two small accounts: enough for several pages, several questions and somebody who is refused. */
const WORLD: SandboxOptions = {
  size: { accounts: 2, campaigns: 6, inactive: 0.34, on: TODAY },
  pageRows: 25,
  reportPolls: 3,
};
const DAYS = 3;
/** The lookback is as long as the first pull, so that the next day costs little. */
const SETTINGS: Partial<MetaConfig> = { lookbackDays: DAYS, chunkDays: 2 };
const DATASETS: readonly string[] = [
  ...['campaigns', 'ads', 'insights_campaign_day', 'insights_ad_day'],
  ...['insights_placement_day', 'pixel_events_hour'],
];
/** Faults that change what is true, so that the truth has to have them as well. */
const OF_THE_WORLD: readonly FaultName[] = ['restated', 'deleted-object'];

/**
 * Pulls under faults and compares what lands, as raw, with the truth: what a calm sandbox of the same
 * world gives. Then pulls again without faults of requests, and compares again.
 */
export async function runTrial(trial: Trial): Promise<Outcome> {
  const world = Object.fromEntries(
    Object.entries(trial.rates).filter(([name]) => OF_THE_WORLD.some((one) => one === name)),
  );
  const truth = await truthOf(world);
  return inLake(async (lake) => {
    const warnings: string[] = [];
    const summary = await pullOn(lake, TODAY, { ...trial, faultRates: trial.rates, warnings });
    const found = await rawRows(lake);
    const missing = [...truth.today.rows.keys()].filter((key) => !found.rows.has(key));
    const lost = unexplained(missing, { truth: truth.today, found, summary, warnings });
    const { dataLimit: _limit, ...healthy } = trial;
    const healing = await heal(lake, { ...healthy, faultRates: world });
    const healed = await rawRows(lake);
    return {
      lost,
      wrong: differences(found, truth.today).filter(
        (key) => found.rows.has(key) && !isDegraded(found.rows.get(key), summary),
      ),
      twice: [...found.twice, ...healed.twice],
      unhealed: [
        ...differences(healed, isSpoiled(trial) ? truth.tomorrow : truth.today),
        ...healing.flatMap(errorsOf),
      ],
      explained: missing.length - lost.length,
      errors: errorsOf(summary),
      calls: summary.calls,
    };
  });
}

/** What lands broken counts as asked: it is asked again on the next day, and all of it by its days. */
function isSpoiled({ rates }: Trial): boolean {
  return rates['wrong-type'] !== undefined;
}

/** Runs without faults of requests: on the same day what did not come, on the next what is broken. */
async function heal(
  lake: Lake,
  trial: Pulling & Pick<Trial, 'rates'>,
): Promise<readonly ExtractSummary[]> {
  const same = await pullOn(lake, TODAY, trial);
  return isSpoiled(trial) ? [same, ...(await pullTomorrow(lake, trial))] : [same];
}

/** The pull of the next day, and one that names all days: what is settled is asked again only by name. */
async function pullTomorrow(lake: Lake, trial: Pulling): Promise<readonly ExtractSummary[]> {
  const tomorrow = addDays(TODAY, 1);
  const window = { since: addDays(TODAY, -DAYS), until: TODAY };
  return [await pullOn(lake, tomorrow, trial), await pullOn(lake, tomorrow, { ...trial, window })];
}

interface Truth {
  readonly today: RawRows;
  readonly tomorrow: RawRows;
}

const truths = new Map<string, Promise<Truth>>();

/** What calm pulls of today and of tomorrow give; made once for each world. */
function truthOf(world: Trial['rates']): Promise<Truth> {
  const key = JSON.stringify(world);
  const known = truths.get(key);
  if (known !== undefined) return known;
  const made = inLake(async (lake) => {
    const calm = { faultRates: world, seed: 1 };
    await pullOn(lake, TODAY, calm);
    const today = await rawRows(lake);
    await pullTomorrow(lake, calm);
    return { today, tomorrow: await rawRows(lake) };
  });
  truths.set(key, made);
  return made;
}

interface Pulling extends Pick<Trial, 'seed' | 'settings' | 'dataLimit'> {
  readonly faultRates: Trial['rates'];
  readonly window?: Window;
  /** Is given what a person would be warned of. */
  readonly warnings?: string[];
}

async function pullOn(lake: Lake, today: string, trial: Pulling): Promise<ExtractSummary> {
  const { faultRates, seed, settings, dataLimit } = trial;
  const limit = dataLimit === undefined ? {} : { dataLimit };
  const options = { ...WORLD, ...limit, today, faultRates, faultSeed: seed, slowMs: 20 };
  const sandbox = await startSandbox(options);
  const clock = virtualClock(today);
  const sketch: ExtractSketch = {
    lake,
    today,
    now: clock.now,
    sleep: clock.sleep,
    progress: { ...silent, warn: (text) => trial.warnings?.push(text) },
    firstPullDays: DAYS,
    selection: { datasets: DATASETS, ...trial.window },
    settings: { ...SETTINGS, ...settings },
  };
  try {
    return await pull(sandbox, sketch);
  } finally {
    await sandbox.close();
  }
}

/** Rows that are missing, less those of an account that says so and those that a contract refused. */
function unexplained(
  missing: readonly string[],
  by: {
    readonly truth: RawRows;
    readonly found: RawRows;
    readonly summary: ExtractSummary;
    readonly warnings: readonly string[];
  },
): readonly string[] {
  const refused = new Map(by.found.refused);
  return missing.filter((key) => {
    const row = by.truth.rows.get(key);
    if (row === undefined) return false;
    if (by.summary.accounts.some((account) => saysMissing(account, row))) return false;
    if (isWarnedOf(row, by.warnings)) return false;
    if (isUnseen(row, by)) return false;
    const place = placeText(row);
    const left = refused.get(place) ?? 0;
    refused.set(place, left - 1);
    return left <= 0;
  });
}

/** An account that failed says which days of which dataset it did not come to, and what Meta did not give. */
function saysMissing(account: AccountSummary, row: RowPlace): boolean {
  if (account.account_id !== row.accountId) return false;
  if (account.error !== undefined && account.today === null) return true;
  return [...account.notAsked, ...account.gaps].some(
    ({ dataset, window }) =>
      dataset === row.dataset &&
      (window === null || (row.day >= window.since && row.day <= window.until)),
  );
}

/** A row that had to do without fields is marked, and the account names the fields. */
function isDegraded(row: RawRow | undefined, summary: ExtractSummary): boolean {
  if (row === undefined || !row.text.includes('"_degraded"')) return false;
  const account = summary.accounts.find((one) => one.account_id === row.accountId);
  return (
    account?.gaps.some(({ dataset, part }) => dataset === row.dataset && part.fields !== null) ??
    false
  );
}

/**
 * An object that is in no list is known from its figures alone: while figures of the account are missing,
 * and it is said so, the object cannot be asked for.
 */
function isUnseen(
  row: RawRow,
  by: { readonly found: RawRows; readonly summary: ExtractSummary },
): boolean {
  if (!row.text.includes('"effective_status":"DELETED"')) return false;
  const account = by.summary.accounts.find((one) => one.account_id === row.accountId);
  const isIncomplete = account?.error !== undefined || (account?.gaps.length ?? 0) > 0;
  const refused = [...by.found.refused.keys()].some((place) =>
    place.includes(`account ${row.accountId},`),
  );
  return isIncomplete || refused;
}

/** An account whose pixels came unreadable is warned of by name, and has none of their statistics. */
function isWarnedOf(row: RowPlace, warnings: readonly string[]): boolean {
  if (row.dataset !== 'pixel_events_hour') return false;
  return warnings.some((text) => text.includes(`pixels of account ${row.accountId}`));
}

/**
 * Keys of rows that are in one and not in the other, or differ. A campaign that was taken for idle and
 * is asked for by name brings days from before the trial as well: those are nobody's loss.
 */
function differences(found: RawRows, truth: RawRows): readonly string[] {
  const first = addDays(TODAY, -DAYS);
  const keys = new Set(
    [...found.rows, ...truth.rows].flatMap(([key, { day }]) => (day < first ? [] : [key])),
  );
  return [...keys].filter((key) => found.rows.get(key)?.text !== truth.rows.get(key)?.text);
}

function errorsOf(summary: ExtractSummary): readonly string[] {
  return summary.accounts.flatMap(({ account_id, error }) =>
    error === undefined ? [] : [`${account_id}: ${error.code} ${error.message}`],
  );
}

async function inLake<T>(body: (lake: Lake) => Promise<T>): Promise<T> {
  const home = mkdtempSync(join(tmpdir(), 'adlake-trial-'));
  try {
    return await body({ home });
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
