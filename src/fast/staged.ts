import { contractAt } from '../contract.ts';
import { formatCsvRow } from '../csv.ts';
import { parseLineage } from '../fold/lineage.ts';
import type { QuarantineRecord } from '../quarantine.ts';
import { NO_ROWS } from '../stage.ts';
import {
  flatRow,
  LINEAGE_LINE,
  recordOf,
  refusal,
  type StageInput,
  transformOf,
} from '../staging/record.ts';
import type { Transform } from '../staging/row.ts';
import type { Staged } from '../staging/staged.ts';
import { CsvBytes } from './csv-bytes.ts';
import { ACCOUNT, type Flattener, flattenerFor } from './flatten.ts';
import { isKeyAfter } from './key-order.ts';
import { KeyPool } from './key-pool.ts';
import { type LineReader, linesIn } from './line-reader.ts';
import { Origins } from './origin.ts';

const LINE_END = 0x0a;

/**
 * Writes the staging file of a raw file as `stageRecords` would have it, one piece in memory at a time.
 * Null when only the plain path can: for a dataset it does not know, for rows that are not in the order
 * of the staging key or have one key twice, and for files that do not fit together. What has been
 * written by then is of no use.
 */
export function stageFast(input: StageInput, write: (bytes: Uint8Array) => void): Staged | null {
  const flattener = flattenerOf(input);
  if (flattener === null) return null;
  const files = openBoth(input);
  if (files === null) return null;
  try {
    const work = new FastWork(input, flattener, write);
    return work.run(files) ? work.finish() : null;
  } finally {
    files.raw.close();
    files.sidecar.close();
  }
}

interface Files {
  readonly raw: LineReader;
  readonly sidecar: LineReader;
}

/** A raw file is being written as CSV. Lives as long as one task. */
class FastWork {
  private readonly input: StageInput;
  private readonly flattener: Flattener;
  private readonly transform: Transform;
  private readonly out: CsvBytes;
  private readonly origins = new Origins();
  private readonly refused: QuarantineRecord[] = [];
  private key = new KeyPool();
  private before = new KeyPool();
  private records = 0;
  private made = 0;
  private rows = 0;
  private disagreeing = 0;

  constructor(input: StageInput, flattener: Flattener, write: (bytes: Uint8Array) => void) {
    this.input = input;
    this.flattener = flattener;
    this.transform = transformOf(input.dataset);
    this.out = new CsvBytes(write);
  }

  /** False when only the plain path can do it. */
  run(files: Files): boolean {
    const { raw, sidecar } = files;
    this.out.text(`${formatCsvRow(this.input.contract.columns)}\n`);
    if (!sidecar.next() || sidecar.text() !== LINEAGE_LINE) return false;
    while (raw.next()) {
      if (!sidecar.next()) return false;
      this.records++;
      if (!this.takeQuickly(files) && !this.takePlainly(files)) return false;
    }
    return !sidecar.next();
  }

  finish(): Staged {
    this.out.flush();
    const counts = {
      ...NO_ROWS,
      in: this.records,
      added: this.made - this.records,
      out: this.rows,
      quarantined: this.refused.length,
    };
    return { quarantined: this.refused, counts, disagreeing: this.disagreeing };
  }

  private takeQuickly({ raw, sidecar }: Files): boolean {
    const { flattener, out } = this;
    const origin = this.origins.read(sidecar.room.view, sidecar.from, sidecar.to);
    const { room, from, to } = raw;
    const line = { room, from, to, origin, accountId: this.input.partition.account_id };
    this.key.end = 0;
    if (!flattener.flatten(line, { out, keys: this.key }) || !this.isNext()) return false;
    out.byte(LINE_END);
    this.accept(flattener.isDisagreeing);
    return true;
  }

  /** False when a row comes out of order, or with a key that cannot be compared here. */
  private takePlainly({ raw, sidecar }: Files): boolean {
    const { input, out } = this;
    const record = recordOf(input, { text: raw.text(), lineage: parseLineage(sidecar.text()) });
    const rows = this.transform(record);
    const violations = rows.flatMap((row) => input.contract.check(row));
    if (violations.length > 0) {
      this.made++;
      this.refused.push(refusal(input, record, violations));
      return true;
    }
    for (const row of rows) {
      const { line, isDisagreeing } = flatRow(input, row);
      this.key.end = 0;
      if (!this.key.add(this.partsOf(row)) || !this.isNext()) return false;
      out.reserve(Buffer.byteLength(line) + 1);
      out.text(line);
      out.byte(LINE_END);
      this.accept(isDisagreeing);
    }
    return true;
  }

  private partsOf(row: ReturnType<Transform>[number]): readonly (string | null)[] {
    const columns = this.input.dataset.stagingKey.filter((column) => column !== ACCOUNT);
    return columns.map((column) => {
      const cell = row[column] ?? null;
      return cell === null ? null : String(cell);
    });
  }

  /** Counts a row that was written, and keeps its key for the next one. */
  private accept(isDisagreeing: boolean): void {
    this.made++;
    this.rows++;
    if (isDisagreeing) this.disagreeing++;
    [this.key, this.before] = [this.before, this.key];
  }

  /** True when the key comes after that of the row before. */
  private isNext(): boolean {
    return this.rows === 0 || isKeyAfter(this.key, this.before);
  }
}

/** Only datasets of insights have a fast way. */
function flattenerOf({ dataset, contract }: StageInput): Flattener | null {
  if (dataset.platform !== 'meta' || !dataset.name.startsWith('insights_')) return null;
  if (flatteners.has(contract)) return flatteners.get(contract) ?? null;
  const raw = contractAt(`raw/${dataset.name}.schema.json`);
  const flattener = flattenerFor({ raw, staging: contract }, dataset.stagingKey);
  flatteners.set(contract, flattener);
  return flattener;
}

/** What a flattener has learned about the order of members holds for the next partition. */
const flatteners = new WeakMap<object, Flattener | null>();

function openBoth(input: StageInput): Files | null {
  const raw = linesIn(input.raw);
  if (raw === null) return null;
  const sidecar = linesIn(input.lineage);
  if (sidecar !== null) return { raw, sidecar };
  raw.close();
  return null;
}
