import type { Violation } from '../contract.ts';
import { type Cell, formatCsvRow } from '../csv.ts';
import type { Dataset } from '../dataset.ts';
import type { Engine } from '../engine.ts';
import { readIfThere } from '../file.ts';
import { type Lineage, parseLineage } from '../fold/lineage.ts';
import { REPORT_DATASETS } from '../imports/datasets.ts';
import { reportFlattenerFor } from '../imports/report-flattener.ts';
import { PULLED_DATASETS } from '../pull/datasets.ts';
import type { QuarantineRecord } from '../quarantine.ts';
import { NO_ROWS, type RowCounts } from '../stage.ts';
import {
  type FlatRow,
  flatRow,
  LINEAGE_LINE,
  type LineFlattener,
  misfit,
  type RawLine,
  recordOf,
  refusal,
  type StageInput,
  transformOf,
} from './record.ts';
import type { Transform } from './row.ts';

/** What became of the records of a partition. */
export interface Staged {
  readonly quarantined: readonly QuarantineRecord[];
  readonly counts: RowCounts;
  /** Rows whose reported ratios are not what their parts give. */
  readonly disagreeing: number;
}

/** The rows of a partition, ready to be written. */
export interface StagedLines extends Staged {
  /** CSV lines without line ends, in the order of the staging key. */
  readonly lines: readonly string[];
}

/**
 * Flattens every record of a raw file, sifts the rows by the staging contract, refuses a second row
 * with the same key, and sorts. A record with one refused row is refused whole. Throws
 * `FILE_UNREADABLE` when the raw file and its sidecar do not fit together. With the engine `fast`, rows
 * of exports are made line by line without being parsed; `fast/staged.ts` does all of it by bytes for
 * insights.
 */
export function stageRecords(input: StageInput, engine: Engine = 'plain'): StagedLines {
  const work = new Work(input, engine);
  for (const line of rawLinesOf(input)) work.take(line);
  return work.finish();
}

interface KeyedRow extends FlatRow {
  /** Place of its record in the raw file, from 0: the record itself is not kept in memory. */
  readonly at: number;
}

/** What has been read of a partition so far. Lives as long as one task. */
class Work {
  private readonly input: StageInput;
  private readonly transform: Transform;
  private readonly flattener: LineFlattener | null;
  private readonly rows: KeyedRow[] = [];
  private readonly refused: QuarantineRecord[] = [];
  private records = 0;
  private made = 0;

  constructor(input: StageInput, engine: Engine) {
    this.input = input;
    this.flattener = engine === 'plain' ? null : flattenerOf(input);
    this.transform = transformOf(input.dataset);
  }

  take(line: RawLine): void {
    const quick = this.flattener?.flatten(line) ?? null;
    if (quick === null) this.takePlainly(line);
    else {
      this.rows.push({ ...quick, at: this.records });
      this.records++;
      this.made++;
    }
  }

  private takePlainly(line: RawLine): void {
    const { input } = this;
    const raw = recordOf(input, { text: textOf(line), lineage: line.lineage });
    const rows = this.transform(raw);
    const violations = rows.flatMap((row) => input.contract.check(row));
    const at = this.records;
    this.records++;
    if (violations.length > 0) {
      this.made++;
      this.refused.push(refusal(input, raw, violations));
      return;
    }
    this.made += rows.length;
    for (const row of rows) this.rows.push({ ...flatRow(input, row), at });
  }

  finish(): StagedLines {
    const sorted = inOrder(this.rows);
    const { kept, superseded, seconds } = this.unique(sorted);
    const counts: RowCounts = {
      ...NO_ROWS,
      in: this.records,
      added: this.made - this.records,
      out: kept.length,
      quarantined: this.refused.length + [...seconds.values()].flat().length,
      superseded,
    };
    const disagreeing = kept.filter((row) => row.isDisagreeing).length;
    const lines = kept.map((row) => row.line);
    const quarantined = [...this.refused, ...refuseSeconds(this.input, seconds)];
    return { lines, quarantined, counts, disagreeing };
  }

  /** Rows are sorted; of those with one key the first stays, as it does in every run. */
  private unique(sorted: readonly KeyedRow[]): {
    readonly kept: readonly KeyedRow[];
    readonly superseded: number;
    readonly seconds: Seconds;
  } {
    const kept: KeyedRow[] = [];
    const seconds = new Map<number, readonly Violation[]>();
    let superseded = 0;
    for (const row of sorted) {
      const last = kept.at(-1);
      if (last === undefined || compareKeys(last.key, row.key) !== 0) kept.push(row);
      else if (last.line === row.line) superseded++;
      else {
        const known = seconds.get(row.at) ?? [];
        seconds.set(row.at, [...known, secondOf(this.input.dataset, row)]);
      }
    }
    return { kept, superseded, seconds };
  }
}

/** Why rows of a record were refused as second ones, by the record's place in the raw file. */
type Seconds = ReadonlyMap<number, readonly Violation[]>;

/** Second rows are rare: their records are read again rather than all records kept in memory. */
function refuseSeconds(input: StageInput, seconds: Seconds): readonly QuarantineRecord[] {
  if (seconds.size === 0) return [];
  const refused: QuarantineRecord[] = [];
  let at = 0;
  for (const line of rawLinesOf(input)) {
    const violations = seconds.get(at);
    if (violations !== undefined) {
      const record = recordOf(input, { text: textOf(line), lineage: line.lineage });
      refused.push(refusal(input, record, violations));
    }
    at++;
  }
  return refused;
}

/** Raw is sorted by nearly the same key, and to see that costs less than to sort. */
function inOrder(rows: KeyedRow[]): readonly KeyedRow[] {
  const isSorted = rows.every(
    (row, at) => at === 0 || compareKeys(rows[at - 1]?.key ?? [], row.key) <= 0,
  );
  return isSorted ? rows : rows.sort((left, right) => compareKeys(left.key, right.key));
}

function secondOf(dataset: Dataset, row: KeyedRow): Violation {
  const key = dataset.stagingKey.map((column, at) => `${column} ${row.key[at] ?? 'NULL'}`);
  return { pointer: '', reason: `is a second row with the key ${key.join(', ')}` };
}

/** NULL first, then text by code unit. */
function compareKeys(left: readonly Cell[], right: readonly Cell[]): number {
  for (let at = 0; at < left.length; at++) {
    const value = left[at] ?? null;
    const other = right[at] ?? null;
    if (value === other) continue;
    if (value === null) return -1;
    if (other === null) return 1;
    return String(value) < String(other) ? -1 : 1;
  }
  return 0;
}

/** The CSV file of these rows, header included, in pieces. */
export function* piecesOf(
  columns: readonly string[],
  lines: readonly string[],
): Iterable<Uint8Array> {
  yield Buffer.from(`${formatCsvRow(columns)}\n`);
  for (let at = 0; at < lines.length; at += LINES_AT_A_TIME) {
    yield Buffer.from(`${lines.slice(at, at + LINES_AT_A_TIME).join('\n')}\n`);
  }
}

const LINES_AT_A_TIME = 1_000;

/** Datasets of exports have a way of their own; insights have one for whole files. */
function flattenerOf({ dataset, contract }: StageInput): LineFlattener | null {
  if (![...REPORT_DATASETS, ...PULLED_DATASETS].includes(dataset)) return null;
  return reportFlattenerFor(dataset.platform, contract, dataset.stagingKey);
}

type Span = Pick<RawLine, 'bytes' | 'from' | 'to'>;

function textOf({ bytes, from, to }: Span): string {
  return bytes.toString('utf8', from, to);
}

function* rawLinesOf(input: StageInput): Iterable<RawLine> {
  const sidecar = lineagesOf(input);
  const accountId = input.partition.account_id;
  for (const line of linesOf(input, input.raw)) {
    const lineage = sidecar.next();
    if (lineage.done === true) throw misfit(input, 'has more lines than its sidecar');
    yield { ...line, lineage: lineage.value, accountId };
  }
  if (sidecar.next().done !== true) throw misfit(input, 'has fewer lines than its sidecar');
}

function* lineagesOf(input: StageInput): Generator<Lineage> {
  let isHead = true;
  for (const span of linesOf(input, input.lineage)) {
    const line = textOf(span);
    if (!isHead) yield parseLineage(line);
    else if (line !== LINEAGE_LINE) throw misfit(input, 'has a sidecar of another form');
    isHead = false;
  }
}

const LINE_END = 0x0a;

/** Lines one by one, so that the text of a whole file is never in memory beside its bytes. */
function* linesOf(input: StageInput, path: string): Iterable<Span> {
  const bytes = readIfThere(path);
  if (bytes === null) throw misfit(input, `lacks its other half, ${path}`);
  for (let from = 0; from < bytes.length; ) {
    const found = bytes.indexOf(LINE_END, from);
    const to = found === -1 ? bytes.length : found;
    yield { bytes, from, to };
    from = to + 1;
  }
}
