import { mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { landBatch, listBatches } from '../../src/landing/batch.ts';
import { landedNotes, saveLandingIndex } from '../../src/landing/landed-index.ts';
import { datasetNamed } from '../../src/platforms/meta/named.ts';
import { silent } from '../../src/progress.ts';
import { runStages, type StageReport } from '../../src/run.ts';
import { batchDir, cacheFile, type Lake, landingDir } from '../../src/zone.ts';
import { capturedHead } from '../helpers/batches.ts';
import { temporaryLake } from '../helpers/lake.ts';

const dataset = datasetNamed('insights_campaign_day');

function land(lake: Lake, campaign: string): string {
  const head = capturedHead({});
  const row = { campaign_id: campaign, date_start: '2026-10-01', date_stop: '2026-10-01' };
  const page = { bytes: Buffer.from(JSON.stringify({ data: [row] })), rows: 1 };
  return landBatch(lake, dataset, { head, pages: [page], now: '2026-11-20T06:00:00.000Z' })
    .batch_id;
}

/** Lets the folder look as if its last change was long ago, so that its listing can be relied on. */
function age(lake: Lake): void {
  utimesSync(landingDir(lake, dataset, '1'), 1_700_000_000, 1_700_000_000);
}

/** The same lake, as another process would see it. */
function again(lake: Lake): Lake {
  return { home: lake.home };
}

function idsOf(lake: Lake): readonly string[] {
  return landedNotes(lake, dataset, '1').map(({ batch_id }) => batch_id);
}

function batchFile(lake: Lake, id: string): string {
  return join(batchDir(lake, dataset, { account_id: '1', batch_id: id }), '_batch.json');
}

function rawRun(lake: Lake): Promise<readonly StageReport[]> {
  const selection = { datasets: [dataset.name] };
  return runStages({ lake: again(lake), selection, progress: silent, stages: ['landing-to-raw'] });
}

describe('the index of landing', () => {
  it('lists what the folders hold, in the order of arrival', () => {
    const lake = temporaryLake();
    const ids = [land(lake, '1'), land(lake, '2'), land(lake, '3')];
    expect(idsOf(lake)).toEqual(ids);
    expect(ids).toEqual(listBatches(lake, dataset, '1').map(({ batch_id }) => batch_id));
  });

  it('opens no batch that it has seen, and only the new ones of a changed folder', () => {
    const lake = temporaryLake();
    const first = land(lake, '1');
    age(lake);
    idsOf(lake);
    saveLandingIndex(lake);
    writeFileSync(batchFile(lake, first), 'not JSON');
    expect(idsOf(again(lake))).toEqual([first]);
    const second = land(lake, '2');
    expect(idsOf(again(lake))).toEqual([first, second]);
    rmSync(cacheFile(lake, 'landing'), { recursive: true });
    expect(() => idsOf(again(lake))).toThrow('is not JSON');
  });

  it('does not rely on the time of a folder that was changed just now', () => {
    const lake = temporaryLake();
    const first = land(lake, '1');
    const { atimeMs, mtimeMs } = statSync(landingDir(lake, dataset, '1'));
    idsOf(lake);
    const second = land(lake, '2');
    utimesSync(landingDir(lake, dataset, '1'), atimeMs / 1000, mtimeMs / 1000);
    expect(idsOf(lake)).toEqual([first, second]);
  });

  it('sees an answer that is finished after its folder was listed', () => {
    const lake = temporaryLake();
    const first = land(lake, '1');
    const second = land(lake, '2');
    const head = readFileSync(batchFile(lake, second));
    rmSync(batchFile(lake, second));
    age(lake);
    expect(idsOf(lake)).toEqual([first]);
    writeFileSync(batchFile(lake, second), head);
    expect(idsOf(lake)).toEqual([first, second]);
  });

  it('forgets a batch whose folder was taken away', () => {
    const lake = temporaryLake();
    const [first, second] = [land(lake, '1'), land(lake, '2')];
    age(lake);
    expect(idsOf(lake)).toEqual([first, second]);
    rmSync(batchDir(lake, dataset, { account_id: '1', batch_id: first }), { recursive: true });
    expect(idsOf(lake)).toEqual([second]);
  });

  it('is not believed when it cannot be read', () => {
    const lake = temporaryLake();
    const first = land(lake, '1');
    mkdirSync(cacheFile(lake, 'landing'), { recursive: true });
    writeFileSync(cacheFile(lake, 'landing', `${dataset.name}.json`), '{"format":1,"shelves":[[');
    expect(idsOf(lake)).toEqual([first]);
  });
});

describe('an answer whose description vanished', () => {
  it('is named, and neither its task nor that of its versions is done when its pages are needed', async () => {
    const lake = temporaryLake();
    const first = land(lake, '1');
    age(lake);
    await rawRun(lake);
    rmSync(batchFile(lake, first));
    rmSync(cacheFile(lake, 'tasks'), { recursive: true });
    for (const turn of [1, 2]) {
      const [report] = await rawRun(lake);
      expect(report, String(turn)).toMatchObject({ done: 2, filesWritten: 0 });
      expect(report?.notes.join()).toContain(first);
    }
  });
});
