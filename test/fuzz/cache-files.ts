import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { sealCache } from '../../src/cache-body.ts';
import { acceptedDrift } from '../../src/drift/accepted.ts';
import { readSurvey } from '../../src/drift/survey-file.ts';
import { landedNotes } from '../../src/landing/landed-index.ts';
import { lockHolder, lockLake } from '../../src/lock.ts';
import { DATASETS } from '../../src/pipeline.ts';
import { keptToken, keptTokenDates } from '../../src/platforms/meta/token-cache.ts';
import { RateLimits } from '../../src/pull/rate-limits.ts';
import { ReportLedger } from '../../src/pull/report-ledger.ts';
import { listQuarantine } from '../../src/quarantine.ts';
import { listRecords } from '../../src/run-record.ts';
import { openState } from '../../src/state.ts';
import { openUnchanged } from '../../src/task/unchanged.ts';
import type { Lake } from '../../src/zone.ts';
import { type Draw, pick } from '../helpers/hostile-page.ts';
import { mutatedBytes, mutatedJson } from './mutation.ts';
import { type Target, tried } from './target.ts';

/** Files of the cache that are damaged are as good as none, or refused with a remedy. */
export const CACHE: Target = { name: 'cache', batch: 50, feed: feedCache };

const LAKE: Lake = { home: mkdtempSync(join(tmpdir(), 'adlake-fuzz-')) };
const [FIRST] = DATASETS;
if (FIRST === undefined) throw new Error('There are no datasets.');
const DATASET = FIRST;
const HASH = 'a'.repeat(64);
const COUNTS = { in: 1, added: 0, out: 1, quarantined: 0, superseded: 0, withdrawn: 0 };

interface CacheFile {
  readonly path: string;
  readonly sample: unknown;
  readonly read: () => unknown;
}

const FILES: readonly CacheFile[] = [
  {
    path: `cache/tasks/landing-to-raw.${DATASET.name}.json`,
    sample: sealCache(5, [['account_id=1/month=all', [HASH, [['x.ndjson', HASH, 10, 1]]]]]),
    read: () => openState(LAKE).get(`landing-to-raw/${DATASET.name}/account_id=1/month=all`),
  },
  {
    path: `cache/tasks/landing-to-raw.${DATASET.name}.rest.json`,
    sample: sealCache(5, [['account_id=1/month=all', [HASH, COUNTS, null]]]),
    read: () => openState(LAKE).get(`landing-to-raw/${DATASET.name}/account_id=1/month=all`),
  },
  {
    path: 'cache/tasks/unchanged.json',
    sample: sealCache(1, [[DATASET.name, HASH, [['1', '1.2.3.4', 36]]]]),
    read: () =>
      openUnchanged(LAKE).on({ name: DATASET.name, basis: '', shelves: [] }).recall('1', '1.2.3.4'),
  },
  {
    path: 'cache/api_rate_limits.json',
    sample: { usage: { 1: { percent: 3, at: '2026-11-20T00:00:00Z' } }, walls: {} },
    read: () => new RateLimits(LAKE).walls(),
  },
  {
    path: 'cache/api_reports.json',
    sample: {
      reports: { x: { id: '1', today: '2026-11-20', ordered_at: '2026-11-20T00:00:00Z' } },
    },
    read: () => new ReportLedger(LAKE).find('x', '2026-11-20'),
  },
  {
    path: 'cache/access_token_cache.json',
    sample: { format: 1, salt: HASH, nonce: HASH, token: HASH, tag: HASH, kept_at: '2026-11-20' },
    read: () => [keptTokenDates(LAKE), keptToken(LAKE, 'some secret for a test')],
  },
  {
    path: 'cache/runs/20261120T000000000Z.json',
    sample: { run_id: 'x', accounts: [], stages: [], started_at: '2026-11-20T00:00:00Z' },
    read: () => listRecords(LAKE),
  },
  {
    path: 'cache/lake.lock',
    sample: { pid: 999_999, host: 'x', started: '2026-11-20T00:00:00Z', command: 'run' },
    read: () => [lockHolder(LAKE), lockLake(LAKE, 'fuzz').release()],
  },
  {
    path: `cache/landing/${DATASET.name}.json`,
    sample: sealCache(3, [['1', 'x', [['', 'b', '2026-11-20T00:00:00.000Z', null, null, 3]]]]),
    read: () => landedNotes({ ...LAKE }, DATASET, '1'),
  },
  {
    path: `cache/drift/${DATASET.name}.json`,
    sample: sealCache(1, { contract: HASH, batches: ['1/x'], accounts: [['1', []]] }),
    read: () => readSurvey(LAKE, DATASET, HASH),
  },
  {
    path: 'zones/landing/internal/drift/accepted.json',
    sample: { accepted: ['["a","new_field","b","text"]'] },
    read: () => acceptedDrift(LAKE),
  },
  {
    path: 'zones/quarantine/raw/meta/ads/account_id=1/month=all.ndjson',
    sample: { id: 'x', dataset: 'ads', zone: 'raw', record: '{}', violations: [] },
    read: () => listQuarantine(LAKE, {}),
  },
];

function feedCache(draw: Draw): string | null {
  const { path, sample, read } = pick(draw, FILES);
  const bytes = Buffer.isBuffer(sample) ? mutatedBytes(draw, sample) : spoiled(draw, sample);
  const file = join(LAKE.home, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes);
  const wrong = tried(read);
  return wrong === null ? null : `${path}: ${wrong}\n${bytes.toString('utf8').slice(0, 500)}`;
}

function spoiled(draw: Draw, sample: unknown): Buffer {
  const text = JSON.stringify(draw(2) === 0 ? mutatedJson(draw, sample) : sample) ?? '';
  return draw(2) === 0 ? Buffer.from(text) : mutatedBytes(draw, Buffer.from(text));
}
