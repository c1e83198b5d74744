import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listBatches } from '../../../src/landing/batch.ts';
import { planExtract } from '../../../src/platforms/meta/extract-plan.ts';
import { datasetNamed } from '../../../src/platforms/meta/named.ts';
import { type Sandbox, startSandbox } from '../../../src/sandbox/index.ts';
import { listHoldings } from '../../../src/status.ts';
import type { Lake } from '../../../src/zone.ts';
import { extractInput, pull } from '../../helpers/extract.ts';
import { keptLake, temporaryLake } from '../../helpers/lake.ts';
import { stageAll } from '../../helpers/world.ts';

const LOS_ANGELES = '9020417583920611';
const DATASETS = ['ad_accounts', 'activities', 'pixel_events_hour'];

type Row = Readonly<Record<string, string>>;

let today = '2026-11-10';
let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox({ today: () => today });
});
afterAll(() => sandbox.close());

async function pullOn(lake: Lake, day: string, datasets = DATASETS): Promise<void> {
  today = day;
  const selection = { datasets, accounts: [LOS_ANGELES] };
  await pull(sandbox, { lake, today: day, firstPullDays: 30, selection });
  await stageAll(lake);
}

describe('what the source forgets', () => {
  const lake = keptLake();
  const seen = new Map<string, string>();

  beforeAll(async () => {
    for (const day of ['2026-11-10', '2026-11-11', '2026-11-13', '2026-11-18', '2026-11-27']) {
      await pullOn(lake, day);
      for (const row of rowsOf(lake, 'pixel_events_hour')) {
        const { pixel_id, hour, event, count } = row;
        const key = [pixel_id, hour, event].join(' ');
        seen.set(key, seen.get(key) ?? count ?? '');
      }
    }
  });

  it('stays in the lake: no hour of a pixel is withdrawn or becomes less', () => {
    const rows = rowsOf(lake, 'pixel_events_hour');
    expect(rows[0]?.hour).toBe('2026-11-03T12:00:00-08:00');
    expect(rows.length).toBe(seen.size);
    expect(rows.every((row) => Object.values(row).length > 0)).toBe(true);
    for (const { pixel_id, hour, event, count } of rows) {
      expect(count).toBe(seen.get([pixel_id, hour, event].join(' ')));
    }
  });

  it('is asked for without its oldest day, whose hours are half gone, when that day is known', () => {
    const spans = listBatches(lake, datasetNamed('pixel_events_hour'), LOS_ANGELES).map(
      ({ today: on, scope }) => `${on}: ${scope.since} to ${scope.until}`,
    );
    expect(spans).toEqual([
      '2026-11-10: 2026-11-03 to 2026-11-09',
      '2026-11-11: 2026-11-05 to 2026-11-10',
      '2026-11-13: 2026-11-07 to 2026-11-12',
      '2026-11-18: 2026-11-12 to 2026-11-17',
      '2026-11-27: 2026-11-20 to 2026-11-26',
    ]);
  });

  it('is warned of by status before it is lost, with the last day that saves it', () => {
    const warned = (day: string): string =>
      listHoldings(
        lake,
        { datasets: ['pixel_events_hour'] },
        { now: `${day}T12:00:00Z`, today: day },
      )[0]?.warnings.find((warning) => warning.includes('the source keeps')) ?? '';
    expect(warned('2026-11-30')).toBe('');
    expect(warned('2026-12-01')).toBe(
      'the source keeps 7 days: run adlake by 2026-12-03, or what came since 2026-11-27 begins to be lost',
    );
    expect(warned('2026-12-03')).toContain('run adlake by 2026-12-03');
    expect(warned('2026-12-05')).toBe(
      'the source keeps 7 days: what came from 2026-11-27 to 2026-11-28 can no longer be had; run adlake now to save the rest',
    );
  });
});

describe('the change log', () => {
  it('is the same from daily pulls as from one pull, and asks for each day until it is 3 days old', async () => {
    const daily = temporaryLake();
    for (const day of ['2026-11-14', '2026-11-15', '2026-11-19']) await pullOn(daily, day);
    const whole = temporaryLake();
    await pullOn(whole, '2026-11-19');
    const since = '2026-10-20';
    const changes = (lake: Lake): readonly Row[] =>
      rowsOf(lake, 'activities')
        .filter(({ date }) => (date ?? '') >= since)
        .map(({ pulled_on: _, ...row }) => row);
    expect(changes(whole).length).toBeGreaterThan(5);
    expect(changes(daily)).toEqual(changes(whole));
    const spans = listBatches(daily, datasetNamed('activities'), LOS_ANGELES).map(
      ({ scope }) => `${scope.since} ${scope.until}`,
    );
    expect(spans).toEqual([
      '2026-10-15 2026-11-13',
      '2026-11-12 2026-11-14',
      '2026-11-13 2026-11-18',
    ]);
  });

  it('has the account’s own day beside the instant', async () => {
    const lake = temporaryLake();
    await pullOn(lake, '2026-11-14');
    const rows = rowsOf(lake, 'activities');
    const differs = rows.filter(({ date, event_time }) => date !== event_time?.slice(0, 10));
    expect(rows.every(({ event_time }) => event_time?.endsWith('Z'))).toBe(true);
    for (const { date, event_time } of differs)
      expect((date ?? '') < (event_time ?? '')).toBe(true);
  });
});

describe('the objects that insights do not name', () => {
  it('are listed once a day, and each has a row', async () => {
    const lake = temporaryLake();
    const names = ['ad_creatives', 'custom_audiences', 'custom_conversions', 'pixels', 'ads'];
    await pullOn(lake, '2026-11-14', ['ad_accounts', ...names]);
    const count = (name: string): number => rowsOf(lake, name).length;
    expect(count('ad_creatives')).toBeGreaterThanOrEqual(count('ads'));
    expect(['custom_audiences', 'custom_conversions', 'pixels'].map(count)).toEqual([4, 1, 1]);
    const audiences = rowsOf(lake, 'custom_audiences');
    const lookalike = audiences.find(({ subtype }) => subtype === 'LOOKALIKE');
    expect(lookalike).toMatchObject({ lookalike_country: 'US', lookalike_ratio: '0.01' });
    const small = audiences.find(({ subtype }) => subtype === 'ENGAGEMENT');
    expect(small?.approximate_count_lower_bound).toBe('');
    const selection = { datasets: ['ad_accounts', ...names], accounts: [LOS_ANGELES] };
    const plan = planExtract(extractInput(sandbox, { lake, today: '2026-11-14', selection }));
    expect(plan.questions).toBe(0);
  });
});

function rowsOf(lake: Lake, name: string): readonly Row[] {
  const folder = join(lake.home, 'zones', 'staging', 'meta', name);
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .flatMap((path) => parse(readFileSync(path), { columns: true }) as Row[]);
}
