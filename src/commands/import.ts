import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Temporal } from 'temporal-polyfill';
import { counted } from '../amount.ts';
import { type AdlakeError, toAdlakeError } from '../errors.ts';
import { describeImport } from '../imports/describe.ts';
import { findFiles, shownName } from '../imports/find-files.ts';
import { Importer, type LandedPart } from '../imports/land-import.ts';
import { refusal } from '../imports/refusal.ts';
import type { ToldOfFile } from '../imports/told.ts';
import { type Understanding, understand } from '../imports/understand.ts';
import { originOf } from '../lake-origin.ts';
import type { TakenIn } from '../platforms/internal/take-in.ts';
import { runStages } from '../run.ts';
import { type CommandContext, type Typed, usage } from './context.ts';
import { finish } from './finish.ts';
import { holdingLake } from './holding.ts';
import { lookAtInternal } from './import-internal.ts';
import { internalAsJson, internalInWords } from './internal-file.ts';
import { currencyOption, timezoneOption } from './land.ts';

/**
 * `adlake import`: says what each file is, lands those that were understood as they are, and takes
 * them through all zones. Files that were refused are named at the end, with exit code 65; the others
 * are in by then.
 */
export async function importFiles(context: CommandContext, typed: Typed): Promise<number> {
  const told = toldOf(context, typed);
  const paths = findFiles(context.world.cwd, typed.args);
  if (context.isDryRun) {
    const outcomes = paths.map((path) => lookAt(context, { path, told, importer: null }));
    return conclude(context, outcomes);
  }
  return holdingLake(context, 'import', async () => {
    const { startedAt } = context;
    if (originOf(context.lake) === 'sandbox') {
      context.progress.warn(
        'This lake holds synthetic data of the sandbox. Import only such data.',
      );
    }
    const importer = new Importer(context.lake);
    const outcomes = paths.map((path) => lookAt(context, { path, told, importer }));
    if (outcomes.some(isNew)) {
      if (threadsFor(paths) > 0) giveBackMemory();
      const heap = { heapMegabytes: HEAP_MEGABYTES, threads: threadsFor(paths) };
      const stages = await runStages({ ...context, ...heap, selection: {}, isSparing: true });
      await finish(
        { ...context, isJson: false },
        { command: 'import', startedAt, source: 'none', extract: null, stages },
      );
    }
    return conclude(context, outcomes);
  });
}

/**
 * A month of 47,000 rows takes 100 MB. One that is too large for this is done in the parent, which has no
 * limit of its own.
 */
const HEAP_MEGABYTES = 256;

/**
 * What reading hundreds of files has left behind would stay until Node needs the room, which it does not
 * while a thread and the engine work.
 */
function giveBackMemory(): void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect === 'function') collect();
}

/** Below this, a thread takes longer to begin than its memory is worth. */
const WORTHWHILE_BYTES = 20_000_000;

/** Threads for much, and none for little: what a thread takes is given back before the tables are made. */
function threadsFor(paths: readonly string[]): number {
  const bytes = paths.reduce((sum, path) => sum + statSync(path).size, 0);
  return bytes < WORTHWHILE_BYTES ? 0 : THREADS;
}

/** Each takes 60 to 80 MB for a month of 47,000 rows. */
const THREADS = 2;

type Outcome =
  | {
      readonly kind: 'understood';
      readonly file: Understood;
      readonly parts: readonly LandedPart[];
    }
  | { readonly kind: 'internal'; readonly name: string; readonly taken: TakenIn }
  | { readonly kind: 'refused'; readonly name: string; readonly error: AdlakeError };

/** What was understood, without the bytes: many files are gone through. */
type Understood = Omit<Understanding, 'file'> & { readonly name: string };

interface Look {
  readonly path: string;
  readonly told: ToldOfFile;
  /** Null: nothing is to be landed. */
  readonly importer: Importer | null;
}

function lookAt(context: CommandContext, { path, told, importer }: Look): Outcome {
  const name = shownName(path);
  try {
    const taken = lookAtInternal(context, { path, told, isTrial: importer === null });
    if (taken !== null) {
      if (!context.isJson) context.print(internalInWords(name, taken, importer === null));
      return { kind: 'internal', name, taken };
    }
    const file = understand({ name, bytes: readWhole(path), writtenOn: writtenOn(path) }, told);
    const parts = importer?.land(file, context.now()) ?? [];
    const { file: source, ...rest } = file;
    if (!context.isJson) context.print(`${[...describeImport(file), ...fate(parts)].join('\n')}\n`);
    return { kind: 'understood', file: { ...rest, name: source.name }, parts };
  } catch (thrown) {
    const error = toAdlakeError(thrown);
    if (error.code !== 'IMPORT_REFUSED') throw error;
    if (!context.isJson) {
      context.print(`${name}: refused. ${error.message}\n  What to do: ${error.remedy}\n`);
    }
    return { kind: 'refused', name, error };
  }
}

/** Largest file that is read: more than a year of a large account, by ad and day. */
const MAX_FILE_BYTES = 400_000_000;

function readWhole(path: string): Buffer {
  const { size } = statSync(path);
  if (size <= MAX_FILE_BYTES) return readFileSync(path);
  throw refusal(
    `The file has ${Math.ceil(size / 1_000_000)} MB, more than the ${MAX_FILE_BYTES / 1_000_000} MB that are read at once.`,
    'Export fewer days at once.',
  );
}

function writtenOn(path: string): string {
  const { mtimeMs } = statSync(path);
  const instant = Temporal.Instant.fromEpochMilliseconds(Math.floor(mtimeMs));
  return instant.toZonedDateTimeISO('UTC').toPlainDate().toString();
}

function fate(parts: readonly LandedPart[]): readonly string[] {
  if (parts.length === 0) return ['  Nothing was written: this is a dry run.'];
  return parts.map(({ batch }) =>
    batch === null
      ? '  Imported before: the same file, read the same way. Nothing to do.'
      : `  Landed as ${batch.batch_id}.`,
  );
}

function isNew(outcome: Outcome): boolean {
  if (outcome.kind === 'internal') return outcome.taken.batch !== null;
  return outcome.kind === 'understood' && outcome.parts.some(({ batch }) => batch !== null);
}

function conclude(context: CommandContext, outcomes: readonly Outcome[]): number {
  const refused = outcomes.filter((one) => one.kind === 'refused');
  if (context.isJson) context.print(`${JSON.stringify(outcomes.map(asJson), null, 2)}\n`);
  const [first] = refused;
  if (first === undefined) {
    if (!context.isDryRun) context.tell('What next: `adlake status` shows what the lake holds.');
    return 0;
  }
  if (outcomes.length === 1) throw first.error;
  throw refusal(
    `${counted(refused.length, 'file')} of ${outcomes.length} refused: ${refused
      .map(({ name }) => name)
      .slice(0, SHOWN_FILES)
      .join(', ')}${refused.length > SHOWN_FILES ? ' …' : ''}. The others were understood.`,
    'Each says above what it seems to be and what to do. Importing all again changes nothing twice.',
  );
}

const SHOWN_FILES = 10;

function asJson(outcome: Outcome): object {
  if (outcome.kind === 'refused') {
    const { code, message, remedy } = outcome.error;
    return { file: outcome.name, error: { code, message, remedy } };
  }
  if (outcome.kind === 'internal') return internalAsJson(outcome.name, outcome.taken);
  const { file, parts } = outcome;
  return {
    file: file.name,
    platform: file.mapping.platform,
    platform_told_by: file.platformBy,
    language: file.language,
    layout: file.layout,
    levels: Object.fromEntries(file.levels),
    grain: file.grain,
    currency: file.currency,
    timezone: file.timezone,
    exported_on: file.pulledOn,
    rows: file.rows,
    sums: Object.fromEntries(file.sums),
    total_row: file.totals.isFound ? 'found and equal' : 'none',
    other_totals: file.totals.others,
    subtotals_left_out: file.subtotals,
    rows_that_sum_up_others: file.repeated,
    rows_without_day: file.withoutDay,
    rows_sharing_a_key: file.twins,
    damaged_ids: file.damagedIds,
    unknown_headers: file.unknownHeaders,
    accounts: file.accounts.map((part, at) => ({
      account_id: part.accountId,
      account_name: part.accountName,
      told_by: part.by,
      rows: part.rows,
      since: part.since,
      until: part.until,
      batch_id: parts[at]?.batch?.batch_id ?? null,
      is_known: parts[at]?.batch === null,
    })),
  };
}

function toldOf(context: CommandContext, typed: Typed): ToldOfFile {
  const { accounts, since, until } = context.selection;
  const { options } = typed;
  if (accounts !== undefined && accounts.length > 1) {
    throw usage('import takes one --account.', 'Import the files of each account on their own.');
  }
  if ((since === undefined) !== (until === undefined)) {
    throw usage(
      'With --since or --until the rows of the file are of that period, so both are needed.',
      'Give both days, or neither when the file has days of its own.',
    );
  }
  return {
    as: textOption(options.as)?.toLowerCase() ?? null,
    account: accounts?.[0] ?? null,
    currency: currencyOption(options.currency),
    timezone: timezoneOption(options.timezone),
    locale: textOption(options.locale),
    mapping: pathOption(context, options.mapping),
    since: since ?? null,
    until: until ?? null,
    exportedOn: context.today,
  };
}

function textOption(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function pathOption(context: CommandContext, value: unknown): string | null {
  return typeof value === 'string' ? resolve(context.world.cwd, value) : null;
}
