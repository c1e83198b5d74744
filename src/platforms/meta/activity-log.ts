import { instantOf } from '../../instant.ts';
import { type RawRecord, type StagingRow, textOf } from '../../staging/row.ts';
import { dayAt } from '../../window.ts';

/** One entry of the account's change log, with the account's own day of it. */
export function flattenActivity(raw: RawRecord): readonly StagingRow[] {
  const text = (name: string): string | null => textOf(raw.record, name);
  const at = instantOf(text('event_time'));
  return [
    {
      account_id: raw.accountId,
      event_time: at,
      date: at?.endsWith('Z') ? dayAt(at, raw.lineage.timezone || 'UTC') : null,
      event_type: text('event_type'),
      translated_event_type: text('translated_event_type'),
      object_type: text('object_type'),
      object_id: text('object_id'),
      object_name: text('object_name'),
      actor_id: text('actor_id'),
      actor_name: text('actor_name'),
      application_id: text('application_id'),
      application_name: text('application_name'),
      extra_data: text('extra_data'),
      pulled_on: raw.lineage.pulled_on,
    },
  ];
}
