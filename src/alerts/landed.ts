import type { Dataset } from '../dataset.ts';
import { landBatch } from '../landing/batch.ts';
import { ALERT_EVENTS, LAKE_SIGNALS } from '../platforms/internal/datasets.ts';
import { dayAt } from '../window.ts';
import type { Lake } from '../zone.ts';
import type { Alert } from './alert.ts';

/** What was done about an alert. */
export type Act =
  | { readonly kind: 'acknowledged'; readonly note: string | null }
  | { readonly kind: 'reopened' }
  | { readonly kind: 'sent'; readonly sink: string };

/**
 * Lands what was done about alerts, so that a rebuild knows it. `now` is an instant in UTC with
 * milliseconds. Only for who holds the lake.
 */
export function landAct(
  lake: Lake,
  alerts: readonly Alert[],
  done: { readonly act: Act; readonly now: string },
): void {
  const { act, now } = done;
  const records = alerts.map((alert) => ({
    alert_id: alert.alert_id,
    rule: alert.rule,
    account_id: alert.account_id,
    subject_id: alert.subject_id,
    day: alert.last_seen_on,
    act: act.kind,
    sink: act.kind === 'sent' ? act.sink : '',
    note: act.kind === 'acknowledged' ? act.note : null,
    done_at: now,
  }));
  landRecords(lake, ALERT_EVENTS, { records, now });
}

/** Something the lake noticed about itself on a day, or that it ceased to hold. */
export interface Signal {
  readonly rule: 'data_late' | 'token_expiring' | 'schema_drift';
  /** What it is about: `lake`, `access_token`, `data_access`, or a dataset. */
  readonly subject: string;
  /** UTC. */
  readonly day: string;
  readonly evidence: string;
  readonly holds: boolean;
}

/** Lands signals. `now` is an instant in UTC with milliseconds. Only for who holds the lake. */
export function landSignals(lake: Lake, signals: readonly Signal[], now: string): void {
  landRecords(lake, LAKE_SIGNALS, { records: signals, now });
}

function landRecords(
  lake: Lake,
  dataset: Dataset,
  input: { readonly records: readonly object[]; readonly now: string },
): void {
  const { records, now } = input;
  if (records.length === 0) return;
  landBatch(lake, dataset, {
    head: {
      dataset: dataset.name,
      account_id: 'all',
      object_id: null,
      source: 'import',
      scope: { since: null, until: null, campaigns: { kind: 'all' }, complete: false },
      today: dayAt(now, 'UTC'),
      api_version: null,
      request: {},
      timezone: null,
      currency: null,
    },
    pages: [{ bytes: Buffer.from(JSON.stringify({ data: records })), rows: records.length }],
    now,
  });
}
