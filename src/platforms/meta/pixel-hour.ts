import { instantOf } from '../../instant.ts';
import { digitsOf, objectOf, type RawRecord, type StagingRow, textOf } from '../../staging/row.ts';

/**
 * One hour bucket of a pixel: a row per event in it, none when it is empty. The hour is the account's
 * own, with its offset; the pixel is the object that was asked.
 */
export function flattenPixelHour(raw: RawRecord): readonly StagingRow[] {
  const start = textOf(raw.record, 'start_time');
  const data = raw.record.data;
  const counts: readonly unknown[] = Array.isArray(data) ? data : [];
  return counts
    .map((_, index) => objectOf(counts as unknown as Record<string, unknown>, String(index)))
    .map((entry) => ({
      account_id: raw.accountId,
      pixel_id: raw.lineage.object_id,
      hour: start === null ? null : start.replace(/Z$/, '+00:00').replace(OFFSET, '$1:$2'),
      hour_utc: instantOf(start),
      event: textOf(entry, 'value'),
      count: digitsOf(entry, 'count'),
      pulled_on: raw.lineage.pulled_on,
    }));
}

/** `-0700` at the end, as the API writes offsets. */
const OFFSET = /([+-]\d{2})(\d{2})$/;
