import type { Dataset } from '../dataset.ts';
import type { Engine } from '../engine.ts';
import { AdlakeError } from '../errors.ts';
import { type Accepted, type Judged, type JudgeInput, judge } from '../fold/judge.ts';
import { lineageOf } from '../fold/lineage.ts';
import type { Batch } from '../landing/batch.ts';
import { isDay } from '../window.ts';
import { recordsIn } from './read-import.ts';
import type { Reading } from './reading.ts';
import { sureBy } from './sure.ts';
import { openTable } from './table.ts';

/** The verdicts on a file's rows, in order, or why the file cannot be read. */
export type JudgedImport =
  | { readonly ok: true; readonly judged: readonly Judged[] }
  | { readonly ok: false; readonly reason: string };

/**
 * Judges the rows of an exported file; they keep the numbers that they have in it. A row of which each
 * rule of the contract is seen to hold is accepted at once; any other goes to the judge of all records.
 */
export function judgeImport(
  input: JudgeInput & { readonly engine?: Engine },
  batch: Batch,
  page: { readonly file: string; readonly bytes: Buffer; readonly reading: Reading },
): JudgedImport {
  const isSure = input.engine === 'plain' ? () => false : sureBy(input.contract);
  const judged: Judged[] = [];
  try {
    const table = openTable(page.reading.layout, page.bytes);
    for (const { row, record } of recordsIn(page.reading, table)) {
      const text = JSON.stringify(record);
      const place = { page: page.file, row, text };
      const quick = isSure(record) ? accepted(input.dataset, batch, { ...place, record }) : null;
      judged.push(quick ?? judge(input, batch, place));
    }
    return { ok: true, judged };
  } catch (error) {
    if (error instanceof AdlakeError) return { ok: false, reason: error.message };
    throw error;
  }
}

/** A file of which the rows of one month are wanted. */
export interface RowsWanted {
  readonly file: string;
  readonly bytes: Buffer;
  readonly reading: Reading;
  /** `YYYY-MM`. */
  readonly month: string;
  /**
   * Takes a good row of the month: its place in the file from 1, its record as text, and its key less the account.
   * False: no more of them.
   */
  readonly take: (row: number, text: string, key: Iterable<string | null>) => boolean;
  /** Takes the verdict on a row that is not seen to be good, of whatever month. False: no more of them. */
  readonly takeJudged: (judged: Judged) => boolean;
}

/**
 * As `judgeImport`, one row at a time, without the good rows of other months. False when the file cannot be
 * read, or was not read to its end.
 */
export function judgeRows(input: JudgeInput, batch: Batch, wanted: RowsWanted): boolean {
  const isSure = sureBy(input.contract);
  const { dataset } = input;
  const fields = dataset.key.flatMap((part) => (part.from === 'record' ? [part.field] : []));
  try {
    const table = openTable(wanted.reading.layout, wanted.bytes);
    for (const { row, record } of recordsIn(wanted.reading, table)) {
      const day = dayWithin(dataset, batch, record);
      if (day !== null && !day.startsWith(wanted.month) && isDay(day)) continue;
      const text = JSON.stringify(record);
      const isGoing =
        day !== null && isSure(record)
          ? wanted.take(row, text, keyOf(fields, record))
          : wanted.takeJudged(judge(input, batch, { page: wanted.file, row, text }));
      if (!isGoing) return false;
    }
    return true;
  } catch (error) {
    if (error instanceof AdlakeError) return false;
    throw error;
  }
}

function keyOf(fields: readonly string[], record: RecordOfFile): (string | null)[] {
  return fields.map((field) => {
    const value = record[field];
    return typeof value === 'string' ? value : null;
  });
}

type RecordOfFile = Readonly<Record<string, unknown>>;

/** What a row says its day is; null when it has none, or one that the batch does not speak of. */
function dayWithin(dataset: Dataset, { scope }: Batch, record: RecordOfFile): string | null {
  const day = record[dataset.dayField ?? ''];
  const { since, until } = scope;
  if (typeof day !== 'string' || since === null || until === null) return null;
  return day >= since && day <= until ? day : null;
}

/** Null when the batch does not speak of the row's day, or the row has none. */
function accepted(
  dataset: Dataset,
  batch: Batch,
  place: {
    readonly page: string;
    readonly row: number;
    readonly text: string;
    readonly record: RecordOfFile;
  },
): Accepted | null {
  const { record, text } = place;
  const day = dayWithin(dataset, batch, record);
  if (day === null) return null;
  const key = dataset.key.map((part) => {
    if (part.from !== 'record') return part.from === 'account' ? batch.account_id : batch.object_id;
    const value = record[part.field];
    return typeof value === 'string' ? value : null;
  });
  const lineage = lineageOf(batch, place.page, place.row);
  const row = { key, line: text, day, campaign: null, lineage };
  return {
    kind: 'accepted',
    key: JSON.stringify(key),
    month: day.slice(0, 7),
    row,
    unknownFields: [],
  };
}
