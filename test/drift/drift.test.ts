import { existsSync, rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Drift, driftOf } from '../../src/drift/drift.ts';
import { policiesOf } from '../../src/drift/policy.ts';
import { landBatch } from '../../src/landing/batch.ts';
import { DATASETS } from '../../src/pipeline.ts';
import { cacheFile, type Lake, rawFile } from '../../src/zone.ts';
import { adlake } from '../helpers/command-line.ts';
import { temporaryLake } from '../helpers/lake.ts';

const DAY = DATASETS.find(({ name }) => name === 'insights_campaign_day');
if (DAY === undefined) throw new Error('insights_campaign_day');
const NAMES = DATASETS.map(({ name }) => name);

type Fields = Readonly<Record<string, unknown>>;

/** Lands 30 campaigns as they were sent on `today`, each with these fields. */
function land(lake: Lake, today: string, fields: Fields, account = '1'): void {
  const rows = Array.from({ length: 30 }, (_, at) => ({
    campaign_id: `${100 + at}`,
    date_start: today,
    date_stop: today,
    impressions: '10',
    ...fields,
  }));
  if (DAY === undefined) return;
  landBatch(lake, DAY, {
    head: {
      dataset: DAY.name,
      account_id: account,
      object_id: null,
      source: 'api',
      scope: { since: today, until: today, campaigns: { kind: 'all' }, complete: true },
      today,
      api_version: 'v26.0',
      request: {},
      timezone: 'UTC',
      currency: 'EUR',
    },
    pages: [{ bytes: Buffer.from(JSON.stringify({ data: rows })), rows: rows.length }],
    now: `${today}T12:00:00.000Z`,
  });
}

function found(lake: Lake): readonly Drift[] {
  return driftOf(lake, DATASETS, policiesOf([], NAMES));
}

const actions = (...types: readonly string[]) => ({
  actions: types.map((action_type) => ({ action_type, value: '1' })),
});

describe('drift', () => {
  it('is nothing while every answer has the shape of the contract, absent metrics and all', () => {
    const lake = temporaryLake();
    land(lake, '2026-11-01', { spend: '1.00', ...actions('purchase') });
    land(lake, '2026-11-02', { spend: '1.00', ...actions('purchase', 'like') });
    expect(found(lake)).toEqual([]);
  });

  it('names a new field with the first day it was asked for, over all accounts', () => {
    const lake = temporaryLake();
    land(lake, '2026-11-01', {});
    land(lake, '2026-11-03', { attention: '0.5' }, '2');
    land(lake, '2026-11-02', { attention: 1 });
    expect(found(lake)).toEqual([
      {
        kind: 'new_field',
        dataset: 'insights_campaign_day',
        name: 'attention',
        was: null,
        found: 'number',
        first_day: '2026-11-02',
        last_day: '2026-11-02',
        accounts: ['1'],
        records: 30,
        policy: 'warn',
        is_accepted: false,
      },
      expect.objectContaining({ found: 'text', first_day: '2026-11-03', accounts: ['2'] }),
    ]);
  });

  it('names a field whose values became another kind, or text of another form', () => {
    const lake = temporaryLake();
    land(lake, '2026-11-01', { spend: '1.00', clicks: '3' });
    land(lake, '2026-11-02', { spend: 1, clicks: '3,0' });
    expect(found(lake)).toMatchObject([
      { kind: 'changed_type', name: 'clicks', was: 'text', found: 'other text' },
      {
        kind: 'changed_type',
        name: 'spend',
        was: 'text',
        found: 'number',
        first_day: '2026-11-02',
      },
    ]);
  });

  it('names a field that every record had and none has any more, and no field that is rare', () => {
    const lake = temporaryLake();
    land(lake, '2026-10-31', { spend: '1.00' });
    land(lake, '2026-11-01', { spend: '1.00', video_play_actions: [] });
    land(lake, '2026-11-02', { spend: '1.00' });
    land(lake, '2026-11-03', {});
    expect(found(lake)).toMatchObject([
      { kind: 'removed_field', name: 'spend', first_day: '2026-11-03', records: 30 },
    ]);
  });

  it('names an action type that ended where another began as often', () => {
    const lake = temporaryLake();
    land(lake, '2026-11-01', actions('old_event', 'like'));
    land(lake, '2026-11-02', actions('old_event', 'like'));
    land(lake, '2026-11-03', actions('new_event', 'like'));
    expect(found(lake)).toMatchObject([
      {
        kind: 'renamed_action_type',
        name: 'old_event',
        found: 'new_event',
        first_day: '2026-11-03',
      },
    ]);
  });

  it('is the same from what is kept and from landing read anew, in any order of asking', () => {
    const lake = temporaryLake();
    land(lake, '2026-11-01', { spend: '1.00' });
    found(lake);
    land(lake, '2026-11-02', { spend: 2, __proto__x: 1, constructor: 'x' });
    const kept = found(lake);
    rmSync(cacheFile(lake, 'drift'), { recursive: true });
    expect(found(lake)).toEqual(kept);
    expect(kept.map(({ name }) => name)).toEqual(['spend', '__proto__x', 'constructor']);
  });
});

describe('the policy for drift', () => {
  const argv = (lake: Lake, ...typed: readonly string[]) => [...typed, '--lake', lake.home];

  it('stop ends a run before anything after landing is touched, until a person accepts it', async () => {
    const lake = temporaryLake();
    land(lake, '2026-11-01', {});
    const env = { ADLAKE_DRIFT: 'keep, insights_campaign_day=stop' };
    const run = argv(lake, 'run', '--offline');
    expect((await adlake(run, env)).exitCode).toBe(0);
    land(lake, '2026-12-02', { attention: '1' });
    const stopped = await adlake(run, env);
    expect(stopped.exitCode).toBe(65);
    expect(stopped.stderr).toContain('the field "attention" is new since 2026-12-02');
    const month = { account_id: '1', month: '2026-12' };
    expect(DAY !== undefined && existsSync(rawFile(lake, DAY, month))).toBe(false);
    expect((await adlake(argv(lake, 'drift'), env)).exitCode).toBe(1);
    expect((await adlake(argv(lake, 'drift', '--accept'), env)).exitCode).toBe(0);
    expect((await adlake(argv(lake, 'drift'), env)).exitCode).toBe(0);
    expect((await adlake(run, env)).exitCode).toBe(0);
    expect(DAY !== undefined && existsSync(rawFile(lake, DAY, month))).toBe(true);
  });

  it('warn goes on and says so; keep goes on and does not', async () => {
    for (const policy of ['warn', 'keep']) {
      const lake = temporaryLake();
      land(lake, '2026-11-01', { attention: '1' });
      const { exitCode, stderr } = await adlake(argv(lake, 'run', '--offline'), {
        ADLAKE_DRIFT: policy,
      });
      expect({ policy, exitCode, isTold: stderr.includes('"attention"') }).toEqual({
        policy,
        exitCode: 0,
        isTold: policy === 'warn',
      });
    }
  });

  it('for a dataset that is none, or a word that is no policy, is refused', async () => {
    const lake = temporaryLake();
    for (const ADLAKE_DRIFT of ['campaign=stop', 'ads=halt']) {
      expect((await adlake(argv(lake, 'status'), { ADLAKE_DRIFT })).exitCode).toBe(78);
    }
  });
});
