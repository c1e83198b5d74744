import type { Dataset } from '../../dataset.ts';
import { AdlakeError } from '../../errors.ts';
import { hashOf } from '../../file.ts';
import { accountsLanded, type Batch, landBatch, listBatches } from '../../landing/batch.ts';
import { addDays, daysBetween } from '../../window.ts';
import type { Lake } from '../../zone.ts';
import { FX_RATES } from './datasets.ts';
import { ECB_READING, type EuroDay, ratesFrom, readEcb } from './ecb.ts';

/** What an update needs. The world comes in here. */
export interface FxUpdate {
  readonly lake: Lake;
  /** Datasets whose facts may need a rate. */
  readonly facts: readonly Dataset[];
  /** First day whose rates are wanted; null: a week before the lake's first day. */
  readonly since: string | null;
  /** The day it is, UTC, and the instant with milliseconds. */
  readonly today: string;
  readonly now: string;
  readonly get: (file: string) => Promise<Buffer>;
  readonly isDryRun: boolean;
}

/** What came. */
export interface FxUpdated {
  readonly file: string;
  /** First and last day with rates in it that count here. */
  readonly since: string;
  readonly until: string;
  readonly rates: number;
  /** Null: nothing new, or a trial. */
  readonly batch: Batch | null;
}

/** The file with all days since 1999. */
export const ALL_DAYS_FILE = 'eurofxref-hist.zip';
/** The file with the last 90 days. */
export const RECENT_DAYS_FILE = 'eurofxref-hist-90d.xml';

/** The short file has 90 days; some room is left for days on which nothing is published. */
const RECENT_DAYS = 80;
/** A weekend or holiday needs the rate before it; see the seven days of `fx_rates`. */
const RUN_UP_DAYS = 7;
/** What a lake without facts starts with: as far as the first pull reaches. */
const FIRST_DAYS = 450;

/**
 * Brings the reference rates in landing up to date: the file as it was published becomes a batch, unless
 * the same bytes are there already. The short file is asked for when what is there reaches into it.
 * Throws what `get` throws, and `SOURCE_REFUSED` when something else came than rates.
 */
export async function updateRates(update: FxUpdate): Promise<FxUpdated> {
  const batches = listBatches(update.lake, FX_RATES, 'all').filter(isOfBank);
  const needed = update.since ?? firstDayNeeded(update);
  const isCovered = batches.some(({ scope }) => (scope.since ?? '9999') <= needed);
  const newest = batches.map(({ scope }) => scope.until ?? '').sort();
  const last = newest.at(-1) ?? '';
  const isShort = isCovered && last !== '' && daysBetween(last, update.today) <= RECENT_DAYS;
  const file = isShort ? RECENT_DAYS_FILE : ALL_DAYS_FILE;
  const bytes = await update.get(file);
  const days = daysIn(file, bytes).filter(({ day }) => day >= needed);
  const [first, final] = [days[0]?.day, days.at(-1)?.day];
  if (first === undefined || final === undefined) {
    throw noRates(file, `it has no day from ${needed} on`);
  }
  const since = isShort ? first : needed;
  const found = { file, since: first, until: final, rates: ratesFrom(days, needed).length };
  const hash = hashOf(bytes);
  const isKnown = batches.some(
    (batch) => batch.pages[0]?.sha256 === hash && (batch.scope.since ?? '9999') <= since,
  );
  if (isKnown || update.isDryRun) return { ...found, batch: null };
  return { ...found, batch: land(update, { bytes, since, until: final, file }) };
}

function isOfBank({ request }: Batch): boolean {
  return request.reading === ECB_READING;
}

/** A week before the first day that any fact in landing is of. */
function firstDayNeeded(update: FxUpdate): string {
  const days = update.facts
    .filter(({ fold }) => fold === 'fact')
    .flatMap((dataset) =>
      accountsLanded(update.lake, dataset).flatMap((account) =>
        listBatches(update.lake, dataset, account).flatMap(({ scope }) => scope.since ?? []),
      ),
    )
    .sort();
  const first = days[0];
  return first === undefined ? addDays(update.today, -FIRST_DAYS) : addDays(first, -RUN_UP_DAYS);
}

function daysIn(file: string, bytes: Buffer): readonly EuroDay[] {
  try {
    return readEcb(bytes);
  } catch (error) {
    throw noRates(file, error instanceof Error ? error.message : String(error));
  }
}

function noRates(file: string, why: string): AdlakeError {
  return new AdlakeError({
    code: 'SOURCE_REFUSED',
    message: `${file} was expected to hold reference rates, but ${why}.`,
    remedy: 'Check ADLAKE_FX_BASE_URL. Nothing was landed; the rates that are there still count.',
  });
}

function land(
  update: FxUpdate,
  page: {
    readonly bytes: Buffer;
    readonly since: string;
    readonly until: string;
    readonly file: string;
  },
): Batch {
  return landBatch(update.lake, FX_RATES, {
    head: {
      dataset: FX_RATES.name,
      account_id: 'all',
      object_id: null,
      source: 'import',
      scope: {
        since: page.since,
        until: page.until,
        campaigns: { kind: 'all' },
        complete: false,
      },
      today: update.today,
      api_version: null,
      request: { reading: ECB_READING, file: page.file },
      timezone: null,
      currency: null,
    },
    pages: [{ bytes: page.bytes, rows: null }],
    now: update.now,
  });
}
