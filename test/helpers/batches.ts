import type { LoadedBatch } from '../../src/fold/fold.ts';
import type { Batch, BatchHead, CampaignScope } from '../../src/landing/batch.ts';

/** What a test says of a batch; all else is filled in. */
export interface BatchSketch {
  readonly id?: string;
  readonly since?: string;
  readonly until?: string;
  readonly campaigns?: CampaignScope;
  readonly complete?: boolean;
  readonly source?: Batch['source'];
  readonly request?: Readonly<Record<string, unknown>>;
  readonly object?: string;
  /** Pages as bytes, or as lists of records. */
  readonly pages: readonly (Buffer | readonly unknown[])[];
}

let made = 0;

/** A batch of account 1 in memory, later than every batch made before it. */
export function loadedBatch(sketch: BatchSketch): LoadedBatch {
  made++;
  const stamp = String(made).padStart(6, '0');
  const batch: Batch = {
    batch_id: sketch.id ?? `batch-${stamp}`,
    dataset: 'insights_campaign_day',
    account_id: '1',
    object_id: sketch.object ?? null,
    source: sketch.source ?? 'api',
    scope: {
      since: sketch.since ?? '2026-10-01',
      until: sketch.until ?? '2026-10-31',
      campaigns: sketch.campaigns ?? { kind: 'all' },
      complete: sketch.complete ?? true,
    },
    today: '2026-11-01',
    landed_at: `2026-11-01T00:00:00.${stamp}Z`,
    api_version: 'v26.0',
    request: sketch.request ?? {},
    timezone: 'Europe/Berlin',
    currency: 'EUR',
    pages: [],
  };
  const pages = sketch.pages.map((page, index) => ({
    file: `page-${index + 1}.json`,
    bytes: Buffer.isBuffer(page) ? page : Buffer.from(JSON.stringify({ data: page })),
  }));
  return { batch, pages };
}

/** What is said of an answer about campaign days of account 1 that somebody saved, or `more` instead. */
export function capturedHead(more: Partial<BatchHead>): BatchHead {
  return {
    dataset: 'insights_campaign_day',
    account_id: '1',
    object_id: null,
    source: 'captured',
    scope: {
      since: '2026-10-01',
      until: '2026-10-31',
      campaigns: { kind: 'all' },
      complete: false,
    },
    today: '2026-11-20',
    api_version: null,
    request: {},
    timezone: 'Europe/Berlin',
    currency: 'EUR',
    ...more,
  };
}
