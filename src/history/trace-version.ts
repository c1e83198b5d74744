import { contractAt } from '../contract.ts';
import type { Dataset } from '../dataset.ts';
import type { LoadedBatch } from '../fold/fold.ts';
import { judge, type RawRow } from '../fold/judge.ts';
import { type Batch, campaignInScope } from '../landing/batch.ts';
import type { Arrival } from '../landing/landing.ts';
import { readRecords } from '../landing/page.ts';
import { flattenInsight } from '../platforms/meta/insight.ts';
import type { TracedMetric } from './trace-metric.ts';

/** A metric's value by its curated name, as text; null: not known. */
export type Values = Readonly<Record<string, string | null>>;

/** What one answer said of the row that is traced. */
export interface TracedVersion {
  readonly batch_id: string;
  /** Account's own day of the pull, and the instant (UTC) at which the answer had arrived. */
  readonly asked_on: string;
  readonly landed_at: string;
  /**
   * `sent`: with these values; `refused`: sent, and against the contract; `withdrawn`: asked for in
   * full and not sent, though it had been before; `absent`: the same, and never sent before.
   */
  readonly state: 'sent' | 'refused' | 'withdrawn' | 'absent';
  readonly page: string | null;
  /** Place on the page, from 1. */
  readonly row: number | null;
  readonly values: Values | null;
  /** Whether state and values are those of the answer before. */
  readonly is_same: boolean;
  /** Why it was refused. */
  readonly reasons: readonly string[];
}

/** The row that is looked for. */
export interface Wanted {
  readonly dataset: Dataset;
  /** Field of the id in the record: `campaign_id` or `ad_id`. */
  readonly field: string;
  readonly id: string;
  readonly date: string;
  readonly campaignId: string | null;
  readonly metrics: readonly TracedMetric[];
}

/** Everything that was ever received of a row, oldest first. Answers that did not ask for it are left out. */
export function versionsIn(wanted: Wanted, arrivals: readonly Arrival[]): readonly TracedVersion[] {
  const versions: TracedVersion[] = [];
  for (const arrival of arrivals) {
    const { since, until } = arrival;
    if (since === null || until === null || wanted.date < since || wanted.date > until) continue;
    const loaded = arrival.load();
    const said = loaded === null ? null : versionOf(wanted, loaded, versions.at(-1) ?? null);
    if (said !== null) versions.push(said);
  }
  return versions;
}

function versionOf(
  wanted: Wanted,
  loaded: LoadedBatch,
  before: TracedVersion | null,
): TracedVersion | null {
  const { batch } = loaded;
  const found = find(wanted, loaded);
  if (found === null && !speaksOf(wanted, batch)) return null;
  const told = found === null ? missing(before) : sent(wanted, batch, found);
  const values = JSON.stringify([told.state, told.values]);
  return {
    batch_id: batch.batch_id,
    asked_on: batch.today,
    landed_at: batch.landed_at,
    page: found?.page ?? null,
    row: found?.row ?? null,
    ...told,
    is_same: before !== null && JSON.stringify([before.state, before.values]) === values,
  };
}

type Told = Pick<TracedVersion, 'state' | 'values' | 'reasons'>;

function missing(before: TracedVersion | null): Told {
  const state = before === null || before.state === 'absent' ? 'absent' : 'withdrawn';
  return { state, values: null, reasons: [] };
}

function sent(wanted: Wanted, batch: Batch, found: Found): Told {
  const contract = contractAt(`raw/${wanted.dataset.name}.schema.json`);
  const verdict = judge({ dataset: wanted.dataset, contract }, batch, found);
  if (verdict.kind === 'accepted') {
    return { state: 'sent', values: valuesOf(wanted.metrics, verdict.row, batch), reasons: [] };
  }
  const reasons = verdict.record.violations.map(({ pointer, reason }) => `${pointer} ${reason}`);
  return { state: 'refused', values: null, reasons };
}

function valuesOf(metrics: readonly TracedMetric[], row: RawRow, batch: Batch): Values {
  const record = JSON.parse(row.line) as Readonly<Record<string, unknown>>;
  const raw = { record, text: row.line, lineage: row.lineage, accountId: batch.account_id };
  const flat: Record<string, unknown> = Object.assign({}, ...flattenInsight(raw));
  return Object.fromEntries(
    metrics.map(({ curated, staging }) => {
      const value = flat[staging] ?? null;
      return [curated, value === null ? null : String(value)];
    }),
  );
}

/** Whether the answer would have brought the row if there was one. */
function speaksOf(wanted: Wanted, batch: Batch): boolean {
  return batch.scope.complete && campaignInScope(batch.scope.campaigns, wanted.campaignId);
}

interface Found {
  readonly page: string;
  readonly row: number;
  readonly text: string;
}

function find(wanted: Wanted, { pages }: LoadedBatch): Found | null {
  for (const page of pages) {
    if (!page.bytes.includes(wanted.id)) continue;
    const content = readRecords(wanted.dataset, page.bytes);
    if (!content.ok) continue;
    const at = content.records.findIndex((text) => isWanted(wanted, text));
    if (at !== -1) return { page: page.file, row: at + 1, text: content.records[at] ?? '' };
  }
  return null;
}

/** Whether a record's text is of the row that is looked for. */
export function isWanted({ field, id, date }: Wanted, text: string): boolean {
  if (!text.includes(id)) return false;
  const record = JSON.parse(text) as Readonly<Record<string, unknown>>;
  return record[field] === id && record.date_start === date;
}
