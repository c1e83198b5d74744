import { contractAt } from '../../src/contract.ts';
import type { Lineage } from '../../src/fold/lineage.ts';
import type { RawRecord, StagingRow } from '../../src/staging/row.ts';
import { TRANSFORMS } from '../../src/staging/transforms.ts';

/** Lineage of a record of a EUR account, asked for on 2026-10-20; say what differs. */
export function lineage(more: Partial<Lineage> = {}): Lineage {
  return {
    batch_id: '20261020T060000000Z-00000000',
    page: 'page-00001.json',
    row: 1,
    landed_at: '2026-10-20T06:00:00.000Z',
    pulled_on: '2026-10-20',
    object_id: '',
    currency: 'EUR',
    timezone: 'Europe/Berlin',
    source: 'captured',
    ...more,
  };
}

/** A raw record of account 1 from its JSON text or a value. */
export function raw(content: unknown, more: Partial<Lineage> = {}): RawRecord {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  const record = JSON.parse(text) as Readonly<Record<string, unknown>>;
  return { record, text, lineage: lineage(more), accountId: '1' };
}

/** Staging rows of a record; throws when one breaks the staging contract. */
export function staged(
  dataset: string,
  content: unknown,
  more: Partial<Lineage> = {},
): readonly StagingRow[] {
  const rows = TRANSFORMS[dataset]?.(raw(content, more)) ?? [];
  const violations = rows.flatMap((row) => contractAt(`staging/${dataset}.schema.json`).check(row));
  if (violations.length > 0) throw new Error(JSON.stringify(violations));
  return rows;
}

/** A row of insights_ad_day with the given fields beside its keys, flattened. */
export function adDay(fields: Readonly<Record<string, unknown>>): StagingRow {
  const keys = { ad_id: '23', date_start: '2026-10-01', date_stop: '2026-10-01' };
  const [row] = staged('insights_ad_day', { ...keys, impressions: '1000', ...fields });
  if (row === undefined) throw new Error('no row');
  return row;
}

/** An entry of a list of actions. */
export function action(
  type: string,
  value: string,
  more: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  return { action_type: type, value, ...more };
}
