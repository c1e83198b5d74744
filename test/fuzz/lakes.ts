import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Batch, listBatches } from '../../src/landing/batch.ts';
import { DATASETS } from '../../src/pipeline.ts';
import { silent } from '../../src/progress.ts';
import { runStages } from '../../src/run.ts';
import { batchDir, dropDir, type Lake } from '../../src/zone.ts';
import { FX_RATES, PREFERENCES } from '../golden/two-accounts/landing.ts';
import { landGoldenWorld } from '../helpers/golden.ts';
import { type Draw, pick } from '../helpers/hostile-page.ts';
import { mutatedBytes, mutatedJson } from './mutation.ts';
import { type Target, unexpected } from './target.ts';

/** A lake whose landing has a damaged description, page or dropped file: a run says so, or goes on. */
export const LAKES: Target = { name: 'landing', batch: 4, feed: feedLake };

const WANTED = ['campaigns', 'insights_campaign_day'];
const template = mkdtempSync(join(tmpdir(), 'adlake-fuzz-lake-'));
let isMade = false;

async function feedLake(draw: Draw): Promise<string | null> {
  const lake = copied();
  try {
    const what = damage(draw, lake);
    const wrong = await ran(lake);
    return wrong === null ? null : `${what}: ${wrong}`;
  } finally {
    rmSync(lake.home, { recursive: true, force: true });
  }
}

/** Stages check by themselves that the rows of every task add up. */
async function ran(lake: Lake): Promise<string | null> {
  try {
    const stages = ['landing-to-raw', 'raw-to-staging'] as const;
    await runStages({ lake, selection: {}, progress: silent, stages, threads: 0 });
    return null;
  } catch (error) {
    const isLost = (error as { code?: string }).code === 'ACCOUNTING';
    return isLost ? String(error) : unexpected(error);
  }
}

function copied(): Lake {
  if (!isMade) landGoldenWorld({ home: template }, ({ head }) => WANTED.includes(head.dataset));
  isMade = true;
  const home = mkdtempSync(join(tmpdir(), 'adlake-fuzz-lake-'));
  cpSync(template, home, { recursive: true });
  return { home };
}

function damage(draw: Draw, lake: Lake): string {
  if (draw(3) === 0) return dropped(draw, lake);
  const { folder, batch } = pick(draw, batchesIn(lake));
  const [page] = readdirSync(folder).filter((name) => name.startsWith('page'));
  if (draw(4) === 0 && page !== undefined) {
    writeFileSync(join(folder, page), mutatedBytes(draw, readFileSync(join(folder, page))));
    return `${folder}/${page}`;
  }
  const text = JSON.stringify(draw(4) > 0 ? mutatedJson(draw, batch) : batch) ?? '';
  const bytes = draw(4) > 0 ? Buffer.from(text) : mutatedBytes(draw, Buffer.from(text));
  writeFileSync(join(folder, '_batch.json'), bytes);
  return bytes.toString('utf8').slice(0, 1500);
}

function dropped(draw: Draw, lake: Lake): string {
  const [dataset, text] = pick(draw, [
    ['fx_rates', FX_RATES] as const,
    ['preferences', PREFERENCES] as const,
  ]);
  const bytes = mutatedBytes(draw, Buffer.from(text));
  mkdirSync(dropDir(lake, dataset), { recursive: true });
  writeFileSync(join(dropDir(lake, dataset), 'more.csv'), bytes);
  return `${dataset}: ${JSON.stringify(bytes.toString('utf8').slice(0, 500))}`;
}

function batchesIn(lake: Lake): ReadonlyArray<{ readonly folder: string; readonly batch: Batch }> {
  return DATASETS.filter(({ name }) => WANTED.includes(name)).flatMap((dataset) =>
    ['1001', '2002'].flatMap((account) =>
      listBatches(lake, dataset, account).map((batch) => ({
        folder: batchDir(lake, dataset, batch),
        batch,
      })),
    ),
  );
}
