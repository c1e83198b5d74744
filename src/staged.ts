import { type Contract, contractAt, type Violation } from './contract.ts';
import { type Cell, formatCsvRow } from './csv.ts';
import type { Dataset } from './dataset.ts';
import type { Engine } from './engine.ts';
import { AdlakeError } from './errors.ts';
import { type FlatRow, type Flattener, flattenerFor, type RawLine } from './fast/flatten.ts';
import { readIfThere } from './file.ts';
import { REPORT_DATASETS } from './imports/datasets.ts';
import { reportFlattenerFor } from './imports/report-flattener.ts';
import type { Slice } from './judge.ts';
import { LINEAGE_COLUMNS, type Lineage, parseLineage } from './lineage.ts';
import { type QuarantineRecord, quarantineRecord } from './quarantine.ts';
import { NO_ROWS, type RowCounts } from './stage.ts';
import type { RawRecord, StagingRow, Transform } from './staging-row.ts';
import { TRANSFORMS } from './transforms.ts';
import type { Partition } from './zone.ts';

/** A raw file with its sidecar, and what is to be made of it. */
export interface StageInput {
  readonly dataset: Dataset;
  readonly partition: Partition;
  /** The staging contract. */
  readonly contract: Contract;
  /** Paths of the raw file and of its lineage sidecar. */
  readonly raw: string;
  readonly lineage: string;
  /** `fast` when nothing is said. Both give the same. */
  readonly engine?: Engine;
}

/** The rows of a partition, ready to be written. */
export interface Staged {
  /** CSV lines without line ends, in the order of the staging key. */
  readonly lines: readonly string[];
  readonly quarantined: readonly QuarantineRecord[];
  readonly counts: RowCounts;
  /** Rows whose reported ratios are not what their parts give. */
  readonly disagreeing: number;
}

/**
 * Flattens every record of a raw file, sifts the rows by the staging contract, refuses a second row
 * with the same key, and sorts. A record with one refused row is refused whole. Throws
 * `FILE_UNREADABLE` when the raw file and its sidecar do not fit together.
 */
export function stageRecords(input: StageInput): Staged {
  const work = new Work(input);
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
  private readonly flattener: Pick<Flattener, 'flatten'> | null;
  private readonly rows: KeyedRow[] = [];
  private readonly refused: QuarantineRecord[] = [];
  private records = 0;
  private made = 0;

  constructor(input: StageInput) {
    this.input = input;
    this.transform = transformOf(input.dataset);
    this.flattener = input.engine === 'plain' ? null : flattenerOf(input);
  }

  take(line: RawLine): void {
    const quick = this.flattener?.flatten(line) ?? null;
    if (quick === null) this.takePlainly(recordOf(this.input, line));
    else {
      this.rows.push({ ...quick, at: this.records });
      this.records++;
      this.made++;
    }
  }

  private takePlainly(raw: RawRecord): void {
    const rows = this.transform(raw);
    const violations = rows.flatMap((row) => this.input.contract.check(row));
    const at = this.records;
    this.records++;
    if (violations.length > 0) {
      this.made++;
      this.refused.push(refusal(this.input, raw, violations));
      return;
    }
    this.made += rows.length;
    for (const row of rows) this.rows.push(this.keyed(at, row));
  }

  finish(): Staged {
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

  private keyed(at: number, row: StagingRow): KeyedRow {
    const { contract, dataset } = this.input;
    return {
      key: dataset.stagingKey.map((column) => row[column] ?? null),
      line: formatCsvRow(contract.columns.map((column) => row[column])),
      at,
      isDisagreeing: row.reported_agrees === false,
    };
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
    if (violations !== undefined) refused.push(refusal(input, recordOf(input, line), violations));
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

/** Datasets of insights and of exports have a fast way. */
function flattenerOf(input: StageInput): Pick<Flattener, 'flatten'> | null {
  const { dataset, contract } = input;
  if (REPORT_DATASETS.includes(dataset)) {
    return reportFlattenerFor(dataset.platform, contract, dataset.stagingKey);
  }
  if (dataset.platform !== 'meta' || !dataset.name.startsWith('insights_')) return null;
  const raw = contractAt(`raw/${dataset.name}.schema.json`);
  return flattenerFor({ raw, staging: contract }, dataset.stagingKey);
}

function transformOf(dataset: Dataset): Transform {
  const transform = TRANSFORMS[dataset.name];
  if (transform !== undefined) return transform;
  throw new AdlakeError({
    code: 'BUG',
    message: `Dataset ${dataset.name} has no way from raw to staging.`,
    remedy: 'Add its line to src/transforms.ts.',
  });
}

function refusal(
  input: StageInput,
  raw: RawRecord,
  violations: readonly Violation[],
): QuarantineRecord {
  return quarantineRecord({
    dataset: input.dataset.name,
    zone: 'staging',
    account_id: input.partition.account_id,
    batch_id: raw.lineage.batch_id,
    page: raw.lineage.page,
    row: raw.lineage.row,
    violations,
    record: raw.text,
  });
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

function* rawLinesOf(input: StageInput): Iterable<RawLine> {
  const accountId = input.partition.account_id;
  const sidecar = lineagesOf(input);
  for (const line of linesOf(input, input.raw)) {
    const lineage = sidecar.next();
    if (lineage.done === true) throw misfit(input, 'has more lines than its sidecar');
    yield { ...line, lineage: lineage.value, accountId };
  }
  if (sidecar.next().done !== true) throw misfit(input, 'has fewer lines than its sidecar');
}

function recordOf(input: StageInput, line: RawLine): RawRecord {
  const text = line.bytes.toString('utf8', line.from, line.to);
  const { lineage, accountId } = line;
  return { record: parseRecord(input, text), text, lineage, accountId };
}

function* lineagesOf(input: StageInput): Generator<Lineage> {
  let isHead = true;
  for (const { bytes, from, to } of linesOf(input, input.lineage)) {
    const line = bytes.toString('utf8', from, to);
    if (!isHead) yield parseLineage(line);
    else if (line !== LINEAGE_COLUMNS.join(','))
      throw misfit(input, 'has a sidecar of another form');
    isHead = false;
  }
}

const LINE_END = 0x0a;

/** Lines one by one, so that the text of a whole file is never in memory beside its bytes. */
function* linesOf(input: StageInput, path: string): Iterable<Slice> {
  const bytes = readIfThere(path);
  if (bytes === null) throw misfit(input, `lacks its other half, ${path}`);
  for (let from = 0; from < bytes.length; ) {
    const found = bytes.indexOf(LINE_END, from);
    const to = found === -1 ? bytes.length : found;
    yield { bytes, from, to };
    from = to + 1;
  }
}

function parseRecord(input: StageInput, text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch (cause) {
    throw misfit(input, 'has a line that is not JSON', cause);
  }
}

function misfit(input: StageInput, found: string, cause?: unknown): AdlakeError {
  return new AdlakeError({
    code: 'FILE_UNREADABLE',
    message: `${input.raw} ${found}: one record and one line of lineage each were expected.`,
    remedy: 'Remove the file and its sidecar and run landing-to-raw again: they are made anew.',
    cause,
  });
}
