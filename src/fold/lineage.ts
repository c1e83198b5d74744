import type { Batch } from '../landing/batch.ts';

/** Where a raw record came from. One line of the sidecar beside a raw file, in the same order. */
export interface Lineage {
  readonly batch_id: string;
  /** Page file name within the batch, and the record's place in it, counted from 1. */
  readonly page: string;
  readonly row: number;
  /** When the batch landed: instant in UTC. */
  readonly landed_at: string;
  /** The account's own day when it was asked: what decides whether a figure is settled. */
  readonly pulled_on: string;
  /** The object whose edge was asked, where it is not the account (a pixel); else empty. */
  readonly object_id: string;
  /** Account currency (ISO 4217) and time zone (IANA) as the batch knows them; empty when unknown. */
  readonly currency: string;
  readonly timezone: string;
  /**
   * `api`, `captured`, `correction` or `import`. An answer to adlake's own request was asked for every field of
   * its dataset, so what is absent from it is zero; a captured page does not say what was asked for.
   */
  readonly source: string;
}

/** Column order of the sidecar. */
export const LINEAGE_COLUMNS = [
  'batch_id',
  'page',
  'row',
  'landed_at',
  'pulled_on',
  'object_id',
  'currency',
  'timezone',
  'source',
] as const;

/** Lineage of one record of a batch. `row` counts from 1 within the page. */
export function lineageOf(batch: Batch, page: string, row: number): Lineage {
  return {
    batch_id: batch.batch_id,
    page,
    row,
    landed_at: batch.landed_at,
    pulled_on: batch.today,
    object_id: batch.object_id ?? '',
    currency: batch.currency ?? '',
    timezone: batch.timezone ?? '',
    source: batch.source,
  };
}

/** One sidecar line, without its line end. No value can hold a comma, quote or line break. */
export function formatLineage(lineage: Lineage): string {
  const { batch_id, page, row, landed_at, pulled_on, object_id, currency, timezone, source } =
    lineage;
  return `${batch_id},${page},${row},${landed_at},${pulled_on},${object_id},${currency},${timezone},${source}`;
}

/** Reads a sidecar line back. */
export function parseLineage(line: string): Lineage {
  const [batchId, page, row, landedAt, pulledOn, objectId, currency, timezone, source] =
    line.split(',');
  return {
    batch_id: batchId ?? '',
    page: page ?? '',
    row: Number(row),
    landed_at: landedAt ?? '',
    pulled_on: pulledOn ?? '',
    object_id: objectId ?? '',
    currency: currency ?? '',
    timezone: timezone ?? '',
    source: source ?? '',
  };
}
