import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { landBatch } from '../../src/landing/batch.ts';
import { DATASETS } from '../../src/pipeline.ts';
import { landDump } from '../../src/platforms/meta/dump.ts';
import { dropDir, type Lake } from '../../src/zone.ts';
import {
  ALERT_SETTINGS,
  BENCHMARKS,
  FX_RATES,
  type GoldenBatch,
  LANDING,
  PREFERENCES,
} from '../golden/two-accounts/landing.ts';

/**
 * Lands the golden world, or those of its answers that `isWanted` takes, a dump made of them, its
 * exchange rates, preferences and settings of alerts.
 */
export function landGoldenWorld(
  lake: Lake,
  isWanted: (one: GoldenBatch) => boolean = () => true,
): void {
  for (const one of LANDING.filter(isWanted)) landGolden(lake, one);
  const [startedAt, now] = ['2026-10-28T12:00:00.000Z', '2026-10-28T13:00:00.000Z'];
  landDump(lake, { accountId: '1001', startedAt, now });
  drop(lake, 'fx_rates', FX_RATES);
  drop(lake, 'preferences', PREFERENCES);
  drop(lake, 'benchmarks', BENCHMARKS);
  drop(lake, 'alert_settings', ALERT_SETTINGS);
}

function drop(lake: Lake, dataset: string, text: string): void {
  const name = dataset === 'fx_rates' ? 'rates.csv' : `${dataset}.csv`;
  mkdirSync(dropDir(lake, dataset), { recursive: true });
  writeFileSync(join(dropDir(lake, dataset), name), text);
}

function landGolden(into: Lake, one: GoldenBatch): void {
  const dataset = DATASETS.find((known) => known.name === one.head.dataset);
  if (dataset === undefined) throw new Error(one.head.dataset);
  const { since, until, complete, object_id, ...head } = one.head;
  const scope = {
    since: since ?? null,
    until: until ?? null,
    campaigns: { kind: 'all' as const },
    complete: complete ?? true,
  };
  landBatch(into, dataset, {
    head: {
      ...head,
      object_id: object_id ?? null,
      source: 'api',
      scope,
      api_version: 'v26.0',
      request: {},
    },
    pages: one.pages.map((page) => ({
      bytes: Buffer.from(JSON.stringify({ data: page })),
      rows: page.length,
    })),
    now: one.now,
  });
}
