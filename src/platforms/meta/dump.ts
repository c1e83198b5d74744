import type { Dataset } from '../../dataset.ts';
import { AdlakeError } from '../../errors.ts';
import {
  accountsLanded,
  type Batch,
  BatchDraft,
  listBatches,
  readPage,
} from '../../landing/batch.ts';
import { readRecords } from '../../landing/page.ts';
import type { Lake } from '../../zone.ts';
import type { MetaDataset } from './datasets.ts';
import { datasetNamed } from './named.ts';

/**
 * Everything of an account in four files: `zones/landing/meta/dump/account_id=<id>/<batch>/` holds
 * `campaigns.json`, `adsets.json`, `ads.json`, `insights.json` and, written last, a `_batch.json` with
 * their hashes. The answers they are put together from lie in the folders of their datasets, and raw is
 * folded from those; so nothing reads a dump but people.
 */
export const DUMP: Dataset = {
  name: 'dump',
  platform: 'meta',
  fold: 'log',
  key: [],
  stagingKey: [],
  grain: 'One folder per dump of an ad account.',
};

/** The datasets that a dump asks for, beside the account itself. */
export const DUMPED = ['campaigns', 'ad_sets', 'ads', 'insights_ad_day'] as const;

const FILES: Readonly<Record<(typeof DUMPED)[number], string>> = {
  campaigns: 'campaigns',
  ad_sets: 'adsets',
  ads: 'ads',
  insights_ad_day: 'insights',
};

/** A file larger than this is followed by another, `insights-2.json`, so that memory does not grow. */
export const MOST_FILE_BYTES = 64_000_000;

/** True when a dump of some account is in landing. */
export function hasDump(lake: Lake): boolean {
  return accountsLanded(lake, DUMP).some((id) => listBatches(lake, DUMP, id).length > 0);
}

/** What of an account goes into a dump. */
export interface DumpInput {
  /** Digits, without `act_`. */
  readonly accountId: string;
  /** Answers that landed from this instant on are the dump's; UTC with milliseconds. */
  readonly startedAt: string;
  /** The current instant, UTC with milliseconds. */
  readonly now: string;
}

/**
 * Lands a dump of what was just asked. A list that had been asked for earlier on the same day was not
 * asked for again: its answer counts. Records stand in the files as they were sent. Null when nothing
 * of the account landed; throws `FILE_UNREADABLE` when a page was changed since.
 */
export function landDump(lake: Lake, input: DumpInput): Batch | null {
  const parts = DUMPED.map((name) => ({
    name,
    batches: answersOf(lake, datasetNamed(name), input),
  }));
  const all = parts.flatMap(({ batches }) => batches);
  const newest = all.toSorted((a, b) => (a.landed_at < b.landed_at ? -1 : 1)).at(-1);
  if (newest === undefined) return null;
  const draft = new BatchDraft(lake, DUMP, input.accountId);
  try {
    for (const { name, batches } of parts) {
      putFiles(draft, FILES[name], textsOf(lake, datasetNamed(name), batches));
    }
    const { today, api_version, timezone, currency } = newest;
    const head = { ...EMPTY_HEAD, account_id: input.accountId, scope: scopeOf(all) };
    const request = { made_of: all.map(({ dataset, batch_id }) => `${dataset}/${batch_id}`) };
    return draft.land({ ...head, today, api_version, timezone, currency, request }, input.now);
  } finally {
    draft.discard();
  }
}

const EMPTY_HEAD = { dataset: DUMP.name, object_id: null, source: 'api' } as const;

function answersOf(lake: Lake, dataset: MetaDataset, input: DumpInput): readonly Batch[] {
  const whole = listBatches(lake, dataset, input.accountId).filter(
    ({ source, scope }) => source === 'api' && scope.complete,
  );
  const now = whole.filter(({ landed_at }) => landed_at >= input.startedAt);
  return now.length > 0 || dataset.fold === 'fact' ? now : whole.slice(-1);
}

function scopeOf(batches: readonly Batch[]): Batch['scope'] {
  const sinces = batches.flatMap(({ scope }) => scope.since ?? []).sort();
  const untils = batches.flatMap(({ scope }) => scope.until ?? []).sort();
  const missing = batches.flatMap(({ scope }) => scope.missing ?? []);
  return {
    since: sinces[0] ?? null,
    until: untils.at(-1) ?? null,
    campaigns: { kind: 'all' },
    complete: true,
    ...(missing.length > 0 ? { missing } : {}),
  };
}

function* textsOf(
  lake: Lake,
  dataset: MetaDataset,
  batches: readonly Batch[],
): Iterable<readonly string[]> {
  for (const batch of batches) {
    for (const page of batch.pages) {
      const bytes = readPage(lake, dataset, { batch, page });
      const content = bytes === null ? null : readRecords(dataset, bytes);
      if (content === null || !content.ok) throw changed(batch, page.file);
      yield content.records;
    }
  }
}

function putFiles(draft: BatchDraft, name: string, pages: Iterable<readonly string[]>): void {
  let texts: string[] = [];
  let bytes = 0;
  let files = 0;
  const put = (): void => {
    files++;
    const file = files === 1 ? `${name}.json` : `${name}-${files}.json`;
    const body = Buffer.from(`{"data":[${texts.length > 0 ? `\n${texts.join(',\n')}\n` : ''}]}\n`);
    draft.put({ bytes: body, rows: texts.length, file });
    texts = [];
    bytes = 0;
  };
  for (const records of pages) {
    for (const text of records) {
      texts.push(text);
      bytes += text.length;
    }
    if (bytes >= MOST_FILE_BYTES) put();
  }
  if (texts.length > 0 || files === 0) put();
}

function changed(batch: Batch, file: string): AdlakeError {
  return new AdlakeError({
    code: 'FILE_UNREADABLE',
    message: `${file} of answer ${batch.batch_id} (${batch.dataset}) is not what landed, so no dump can be made of it.`,
    remedy: 'Run `adlake dump` again; it asks anew.',
  });
}
