import { contractAt, type Violation } from '../../src/contract.ts';
import type { Lineage } from '../../src/fold/lineage.ts';
import type { StagingRow } from '../../src/staging/row.ts';
import { TRANSFORMS } from '../../src/staging/transforms.ts';

/** Lineage of a record of a US dollar account in Los Angeles, pulled on 2026-11-01. */
export const LINEAGE: Lineage = {
  batch_id: 'batch-000001',
  page: 'page-00001.json',
  row: 1,
  landed_at: '2026-11-01T00:00:00.000Z',
  pulled_on: '2026-11-01',
  object_id: '',
  currency: 'USD',
  timezone: 'America/Los_Angeles',
  source: 'captured',
};

/** What both contracts say of a record, and the rows it becomes. */
export interface Flattened {
  readonly raw: readonly Violation[];
  readonly staging: readonly Violation[];
  readonly rows: readonly StagingRow[];
}

/**
 * Takes one record the way of the pipeline: judged by the raw contract, flattened, judged by the
 * staging contract. `record` is a value, or JSON text where spelling matters.
 */
export function flattened(
  dataset: string,
  record: unknown,
  lineage: Partial<Lineage> = {},
): Flattened {
  const text = typeof record === 'string' ? record : JSON.stringify(record);
  const parsed = JSON.parse(text) as Readonly<Record<string, unknown>>;
  const transform = TRANSFORMS[dataset];
  if (transform === undefined) throw new Error(`no dataset ${dataset}`);
  const rows = transform({
    record: parsed,
    text,
    lineage: { ...LINEAGE, ...lineage },
    accountId: '1',
  });
  const contract = contractAt(`staging/${dataset}.schema.json`);
  return {
    raw: contractAt(`raw/${dataset}.schema.json`).check(parsed),
    staging: rows.flatMap((row) => contract.check(row)),
    rows,
  };
}

/** The one row of a record that keeps both contracts. Throws when it does not. */
export function rowOf(
  dataset: string,
  record: unknown,
  lineage: Partial<Lineage> = {},
): StagingRow {
  const { raw, staging, rows } = flattened(dataset, record, lineage);
  const [row, ...rest] = rows;
  if (row === undefined || rest.length > 0 || raw.length + staging.length > 0) {
    throw new Error(`not one good row: ${JSON.stringify({ raw, staging, rows: rows.length })}`);
  }
  return row;
}
