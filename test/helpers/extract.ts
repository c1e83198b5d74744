import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MetaConfig } from '../../src/config.ts';
import { memberOf, minify } from '../../src/json.ts';
import { type Batch, listBatches, readPage } from '../../src/landing/batch.ts';
import { readRecords } from '../../src/landing/page.ts';
import { META_DATASETS } from '../../src/platforms/meta/datasets.ts';
import { datasetNamed } from '../../src/platforms/meta/named.ts';
import { silent } from '../../src/progress.ts';
import type { Sandbox } from '../../src/sandbox/index.ts';
import {
  type ExtractInput,
  type ExtractSummary,
  extract,
} from '../../src/stages/api-to-landing.ts';
import { batchDir, type Lake } from '../../src/zone.ts';

/** A server that is pulled from: a sandbox, or one that plays what was recorded. */
export type Server = Pick<Sandbox, 'url' | 'token' | 'accountIds'>;

/**
 * Breakdowns are asked for alike, so a test that does not name its datasets does without the newest of
 * them and is a third quicker. `test/platforms/meta/breakdown-datasets.test.ts` is about these.
 */
const FEWER_PARTS = ['-insights_ad_set_day', '-insights_region_day', '-insights_device_day'];

/** Settings that point at a sandbox. */
export function sandboxConfig(sandbox: Server, more: Partial<MetaConfig> = {}): MetaConfig {
  return {
    accessToken: sandbox.token,
    accountIds: sandbox.accountIds,
    appId: null,
    appSecret: null,
    apiVersion: 'v26.0',
    apiBaseUrl: sandbox.url,
    rateLimitBuffer: 0.8,
    retryAttempts: 3,
    requestTimeoutSeconds: 30,
    inactiveThresholdDays: 7,
    activityCacheTtlHours: 24,
    enableActivityFiltering: true,
    lookbackDays: 28,
    detailDays: 7,
    firstPullDays: null,
    chunkDays: 7,
    reportRows: 5000,
    datasets: FEWER_PARTS,
    ...more,
  };
}

/** What a test says of an extract; all else is filled in. */
export type ExtractSketch = Partial<ExtractInput> & {
  readonly lake: Lake;
  readonly today: string;
  readonly settings?: Partial<MetaConfig>;
};

/** Everything an extract from a sandbox is given, at noon of `today`. */
export function extractInput(sandbox: Server, sketch: ExtractSketch): ExtractInput {
  const { settings, ...more } = sketch;
  return {
    config: sandboxConfig(sandbox, settings),
    progress: silent,
    now: () => `${sketch.today}T12:00:00.000Z`,
    firstPullDays: 14,
    selection: {},
    token: sandbox.token,
    sleep: async () => {},
    ...more,
  };
}

/** Extracts from a sandbox. */
export function pull(sandbox: Server, sketch: ExtractSketch): Promise<ExtractSummary> {
  return extract(extractInput(sandbox, sketch));
}

/** Every batch of every dataset and the given accounts. */
export function allBatches(lake: Lake, accountIds: readonly string[]): readonly Batch[] {
  return META_DATASETS.flatMap((dataset) =>
    accountIds.flatMap((accountId) => listBatches(lake, dataset, accountId)),
  );
}

/** `_batch.json` as it lies on disk. */
export function batchFile(lake: Lake, batch: Batch): unknown {
  const folder = batchDir(lake, datasetNamed(batch.dataset), batch);
  return JSON.parse(readFileSync(join(folder, '_batch.json'), 'utf8')) as unknown;
}

/** A row as last known, and the account's day on which it was asked about last. */
export interface KnownRow {
  readonly text: string;
  readonly record: Readonly<Record<string, unknown>>;
}

/**
 * The simplest fold there can be, to check the extract by: a whole answer removes every row in its
 * scope, then its rows are put in.
 */
export function foldLanding(lake: Lake, name: string, accountId: string): Map<string, KnownRow> {
  const dataset = datasetNamed(name);
  const rows = new Map<string, KnownRow>();
  for (const batch of listBatches(lake, dataset, accountId)) {
    for (const [key, { record }] of rows) if (speaksOf(batch, record)) rows.delete(key);
    for (const text of textsOf(lake, batch)) {
      const record = JSON.parse(text) as Readonly<Record<string, unknown>>;
      const parts = dataset.key.map((part) => (part.from === 'record' ? record[part.field] : ''));
      rows.set(JSON.stringify(parts), { text, record });
    }
  }
  return rows;
}

/** The texts of all records of a batch. */
export function textsOf(lake: Lake, batch: Batch): readonly string[] {
  const dataset = datasetNamed(batch.dataset);
  return batch.pages.flatMap((page) => {
    const bytes = readPage(lake, dataset, { batch, page });
    if (bytes === null) throw new Error(`${batch.batch_id} is not whole`);
    const content = readRecords(dataset, bytes);
    if (!content.ok) throw new Error(content.reason);
    return content.records;
  });
}

/** The text of a page's `paging`, or null. */
export function pagingOf(bytes: Buffer): string | null {
  return memberOf(minify(bytes.toString('utf8')), 'paging') ?? null;
}

/** Whether an answer is about this row at all. */
export function speaksOf(batch: Batch, record: Readonly<Record<string, unknown>>): boolean {
  const { since, until, campaigns } = batch.scope;
  const day = String(record.date_start);
  if (since === null || until === null || day < since || day > until) return false;
  if (campaigns.kind === 'all') return true;
  const isNamed = campaigns.ids.includes(String(record.campaign_id));
  return campaigns.kind === 'in' ? isNamed : !isNamed;
}
