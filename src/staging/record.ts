import type { Contract, Violation } from '../contract.ts';
import { type Cell, formatCsvRow } from '../csv.ts';
import type { Dataset } from '../dataset.ts';
import { AdlakeError } from '../errors.ts';
import { LINEAGE_COLUMNS, type Lineage } from '../fold/lineage.ts';
import { type QuarantineRecord, quarantineRecord } from '../quarantine.ts';
import type { Partition } from '../zone.ts';
import type { RawRecord, StagingRow, Transform } from './row.ts';
import { TRANSFORMS } from './transforms.ts';

/** A raw file with its sidecar, and what is to be made of it. */
export interface StageInput {
  readonly dataset: Dataset;
  readonly partition: Partition;
  /** The staging contract. */
  readonly contract: Contract;
  /** Paths of the raw file and of its lineage sidecar. */
  readonly raw: string;
  readonly lineage: string;
}

/** A staging row, ready to be written. */
export interface FlatRow {
  readonly key: readonly Cell[];
  /** Its line in the CSV file, without a line end. */
  readonly line: string;
  /** True when the API's own ratios are others than ours. */
  readonly isDisagreeing: boolean;
}

/** One line of a raw file and where its record came from. */
export interface RawLine {
  readonly bytes: Buffer;
  readonly from: number;
  /** End of the line, without its line end. */
  readonly to: number;
  readonly lineage: Lineage;
  readonly accountId: string;
}

/** Makes the row of a line by itself; null when only the plain path can say what becomes of it. */
export interface LineFlattener {
  readonly flatten: (line: RawLine) => FlatRow | null;
}

/** The first line of a sidecar. */
export const LINEAGE_LINE = LINEAGE_COLUMNS.join(',');

/** How a dataset gets from raw to staging. Throws `BUG` for one that has no way. */
export function transformOf(dataset: Dataset): Transform {
  const transform = TRANSFORMS[dataset.name];
  if (transform !== undefined) return transform;
  throw new AdlakeError({
    code: 'BUG',
    message: `Dataset ${dataset.name} has no way from raw to staging.`,
    remedy: 'Add its line to src/staging/transforms.ts.',
  });
}

/** The record of a raw line. Throws `FILE_UNREADABLE` when the line is not JSON. */
export function recordOf(
  input: StageInput,
  line: { readonly text: string; readonly lineage: Lineage },
): RawRecord {
  const { text, lineage } = line;
  const accountId = input.partition.account_id;
  return { record: parseRecord(input, text), text, lineage, accountId };
}

/** A row of a record as it is written, with its key. */
export function flatRow(input: StageInput, row: StagingRow): FlatRow {
  const { contract, dataset } = input;
  return {
    key: dataset.stagingKey.map((column) => row[column] ?? null),
    line: formatCsvRow(contract.columns.map((column) => row[column])),
    isDisagreeing: row.reported_agrees === false,
  };
}

/** What goes into quarantine when a row of the record was refused. */
export function refusal(
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

function parseRecord(input: StageInput, text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch (cause) {
    throw misfit(input, 'has a line that is not JSON', cause);
  }
}

/** A raw file and a sidecar that do not fit together. */
export function misfit(input: StageInput, found: string, cause?: unknown): AdlakeError {
  return new AdlakeError({
    code: 'FILE_UNREADABLE',
    message: `${input.raw} ${found}: one record and one line of lineage each were expected.`,
    remedy: 'Remove the file and its sidecar and run landing-to-raw again: they are made anew.',
    cause,
  });
}
