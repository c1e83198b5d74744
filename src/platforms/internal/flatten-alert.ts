import { instantOf } from '../../instant.ts';
import { type RawRecord, type StagingRow, textOf } from '../../staging/row.ts';

/** One setting of a rule; a switch becomes 1 or 0. */
export function flattenSetting({ record }: RawRecord): readonly StagingRow[] {
  const value = textOf(record, 'value');
  return [
    {
      rule: textOf(record, 'rule'),
      setting: textOf(record, 'setting'),
      subject: textOf(record, 'subject') ?? '',
      value: value === 'true' ? '1' : value === 'false' ? '0' : value,
    },
  ];
}

/** What was done about one alert. */
export function flattenEvent({ record }: RawRecord): readonly StagingRow[] {
  return [
    {
      alert_id: textOf(record, 'alert_id'),
      rule: textOf(record, 'rule'),
      account_id: textOf(record, 'account_id'),
      subject_id: textOf(record, 'subject_id'),
      day: textOf(record, 'day'),
      act: textOf(record, 'act'),
      sink: textOf(record, 'sink') ?? '',
      note: textOf(record, 'note'),
      done_at: instantOf(textOf(record, 'done_at')),
    },
  ];
}

/** One thing that the lake noticed about itself. */
export function flattenSignal({ record }: RawRecord): readonly StagingRow[] {
  return [
    {
      rule: textOf(record, 'rule'),
      subject: textOf(record, 'subject'),
      day: textOf(record, 'day'),
      evidence: textOf(record, 'evidence'),
      holds: record.holds === true,
    },
  ];
}
