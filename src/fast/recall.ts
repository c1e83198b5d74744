import { createHash } from 'node:crypto';
import type { Dataset } from '../dataset.ts';
import { type JudgeInput, type RawRow, rowAgain } from '../fold/judge.ts';
import { formatLineage, LINEAGE_COLUMNS, type Lineage, parseLineage } from '../fold/lineage.ts';
import type { RawFiles, RecordedFile } from '../fold/memory.ts';
import { campaignNumber } from './campaign.ts';
import { dayAt, dayNumber } from './day.ts';
import { KeyPool } from './key-pool.ts';
import { type LineReader, linesIn } from './line-reader.ts';
import { addKey, type Fields, fieldsOf, scannerFor, textIn } from './page.ts';
import type { Scanner } from './scan.ts';
import { type Origin, originFrom } from './source.ts';
import type { Found, Key } from './table-fold.ts';

/** A row that is read back; `source` is the place of its origin among those of `recallLines`. */
export interface Recalled {
  readonly found: Found;
  /** Lasts until the next row. */
  readonly key: Key;
}

/**
 * Reads back what a fold left, by the bytes of its lines: `put` is given the rows in order. Gives the
 * origins of the rows; null at any doubt, whatever was put: a file that is not the one that was recorded, a row
 * whose key cannot be told or compared here.
 */
export function recallLines(
  input: JudgeInput,
  files: RawFiles,
  put: (row: Recalled) => void,
): readonly Origin[] | null {
  const scanner = scannerFor(input.dataset, input.contract);
  const origins = originsIn(files.lineage);
  if (scanner === null || origins === null || files.lines.bytes > MOST_BYTES) return null;
  const { dataset } = input;
  const { accountId } = files;
  const fields = fieldsOf(scanner.members, dataset);
  const reading = { scanner, fields, dataset, accountId, keys: new KeyPool() };
  let [count, at] = [0, 0];
  const isRead = readLines(files.lines, (reader) => {
    const origin = origins.all[origins.source[count] ?? -1];
    const row = origin === undefined ? null : rowAt(reading, reader, origin.lineage);
    if (row === null) return false;
    const to = at + reader.to - reader.from;
    const [source, number] = [origins.source[count] ?? 0, origins.row[count] ?? 0];
    put({ key: row.key, found: { ...row.found, source, row: number, from: at, to } });
    at = to + 1;
    count++;
    return true;
  });
  if (!isRead || count !== origins.row.length) return null;
  return origins.all.map(({ origin }) => origin);
}

/** A place in a file is kept as a number of 32 bits. */
const MOST_BYTES = 2 ** 31 - 1;

interface Reading {
  readonly scanner: Scanner;
  readonly fields: Fields;
  readonly dataset: Dataset;
  readonly accountId: string;
  /** Holds the key that was read last. */
  readonly keys: KeyPool;
}

interface RowRead {
  readonly key: Key;
  readonly found: Pick<Found, 'day' | 'campaign'>;
}

/** The row of a line, which was accepted before: its bytes tell what is asked of it, or else its JSON. */
function rowAt(reading: Reading, reader: LineReader, lineage: Lineage): RowRead | null {
  const { scanner, fields, keys } = reading;
  scanner.use(reader.room);
  keys.end = 0;
  const isSure = scanner.read(reader.from) === reader.to;
  const day = isSure ? dayAt(scanner.view, scanner.start(fields.day)) : 0;
  if (day === 0 || !addKey(keys, scanner, fields)) {
    return rowByJson(reading, reader.text(), lineage);
  }
  const campaign = campaignNumber(textIn(scanner, fields.campaign));
  return { key: keyOf(keys), found: { day, campaign } };
}

function rowByJson(reading: Reading, line: string, lineage: Lineage): RowRead | null {
  const { dataset, accountId, keys } = reading;
  const row = rowIn(dataset, { line, lineage, accountId });
  if (row === null || !keys.add(row.key.slice(1))) return null;
  const found = { day: dayNumber(row.day) ?? 0, campaign: campaignNumber(row.campaign) };
  return { key: keyOf(keys), found };
}

/** Whether the file is the one that was recorded is known only at its end: a line need not be JSON. */
function rowIn(dataset: Dataset, from: Parameters<typeof rowAgain>[1]): RawRow | null {
  try {
    return rowAgain(dataset, from);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function keyOf({ words, end }: KeyPool): Key {
  return { words, first: 0, end };
}

interface Origins {
  /** What rows of one page have in common; the row's number in the lineage is that of one of them. */
  readonly all: ReadonlyArray<{ readonly origin: Origin; readonly lineage: Lineage }>;
  /** For each line of raw: place of its origin, and the row's number in its page. */
  readonly source: readonly number[];
  readonly row: readonly number[];
}

/** The sidecar; null at any doubt. */
function originsIn(file: RecordedFile): Origins | null {
  const all: { origin: Origin; lineage: Lineage }[] = [];
  const [source, row]: [number[], number[]] = [[], []];
  const known = new Map<string, number>();
  let isHeader = true;
  const isRead = readLines(file, (reader) => {
    const line = reader.text();
    if (isHeader) {
      isHeader = false;
      return line === LINEAGE_COLUMNS.join(',');
    }
    const [before, after] = aroundRow(line);
    const number = line.slice(before, after);
    if (!ROW_NUMBER.test(number)) return false;
    const shared = line.slice(0, before) + line.slice(after);
    let place = known.get(shared);
    if (place === undefined) {
      const lineage = parseLineage(line);
      if (formatLineage(lineage) !== line) return false;
      place = all.push({ origin: originFrom(lineage), lineage }) - 1;
      known.set(shared, place);
    }
    source.push(place);
    row.push(Number(number));
    return true;
  });
  return isRead ? { all, source, row } : null;
}

/** As it is written; fits into 32 bits. */
const ROW_NUMBER = /^[1-9]\d{0,8}$/;

/** Where the third cell of a line begins and ends: the row's number. */
function aroundRow(line: string): readonly [from: number, to: number] {
  const second = line.indexOf(',', line.indexOf(',') + 1);
  return [second + 1, line.indexOf(',', second + 1)];
}

/** Has `take` look at each line; false when it refuses one, or the file is not the one that was recorded. */
function readLines(file: RecordedFile, take: (reader: LineReader) => boolean): boolean {
  const hash = createHash('sha256');
  const reader = linesIn(file.path, hash);
  if (reader === null) return false;
  try {
    while (reader.next()) if (!take(reader)) return false;
  } finally {
    reader.close();
  }
  return hash.digest('hex') === file.sha256;
}
