import { describe, expect, it } from 'vitest';
import { listBatches } from '../../../src/landing/batch.ts';
import { datasetNamed } from '../../../src/platforms/meta/named.ts';
import {
  HOURLY_DAYS,
  historyDays,
  refuseHistory,
  retentionNotes,
  TOTAL_DAYS,
} from '../../../src/platforms/meta/retention.ts';
import { type Progress, silent } from '../../../src/progress.ts';
import { type Sandbox, startSandbox } from '../../../src/sandbox/index.ts';
import { planExtract } from '../../../src/stages/api-to-landing.ts';
import { addDays } from '../../../src/window.ts';
import { extractInput, pull } from '../../helpers/extract.ts';
import { temporaryLake } from '../../helpers/lake.ts';
import { type Asked, SCRIPTED_TOKEN, scriptedServer } from '../../helpers/scripted-client.ts';

const TODAY = '2026-03-15';

describe('how far back a dataset goes', () => {
  it('is 37 months for totals and 13 for hours', () => {
    const lake = temporaryLake();
    expect(historyDays(lake, datasetNamed('insights_country_day'))).toBe(TOTAL_DAYS);
    expect(historyDays(lake, datasetNamed('insights_campaign_hour'))).toBe(HOURLY_DAYS);
  });

  it('is said where a window goes further, also where only unique figures end earlier', () => {
    const window = { since: addDays(TODAY, -1200), until: TODAY };
    const notes = (name: string, days: number) =>
      retentionNotes(datasetNamed(name), { window, today: TODAY, historyDays: days }).join(' ');
    expect(notes('insights_campaign_day', TOTAL_DAYS)).toBe(
      'insights_campaign_day: Meta keeps no days before 2023-02-19, so they are not asked for.',
    );
    expect(notes('insights_country_day', TOTAL_DAYS)).toContain('without reach');
    expect(notes('insights_campaign_hour', HOURLY_DAYS)).not.toContain('without reach');
    const recent = { window: { since: addDays(TODAY, -90), until: TODAY }, today: TODAY };
    expect(
      retentionNotes(datasetNamed('insights_country_day'), { ...recent, historyDays: TOTAL_DAYS }),
    ).toEqual([]);
  });
});

describe('a window that a person names', () => {
  it('is cut to what Meta keeps, with a note', async () => {
    const sandbox = await startSandbox({ today: TODAY });
    const accounts = sandbox.accountIds.slice(0, 1);
    const datasets = ['insights_account_day'];
    const since = addDays(TODAY, -TOTAL_DAYS - 60);
    const selection = { accounts, datasets, since, until: addDays(since, 63) };
    const notes: string[] = [];
    const progress: Progress = { ...silent, note: (text) => notes.push(text) };
    const lake = temporaryLake();
    const sketch = { lake, today: TODAY, selection, progress };
    const plan = planExtract(extractInput(sandbox, sketch));
    expect(plan.accounts[0]?.notes.join()).toContain('keeps no days before');
    const summary = await pull(sandbox, sketch);
    expect(summary.accounts[0]?.error).toBeUndefined();
    expect(notes.join()).toContain('keeps no days before');
    const [batch] = listBatches(lake, datasetNamed('insights_account_day'), accounts[0] ?? '');
    expect(batch?.scope).toMatchObject({
      since: addDays(TODAY, -TOTAL_DAYS),
      until: addDays(since, 63),
    });
    await sandbox.close();
  });
});

describe('a day that Meta refuses all the same (3018)', () => {
  it('is remembered: no question of this run or a later one begins so early again', async () => {
    const kept = addDays(TODAY, -(TOTAL_DAYS - 20));
    const refused: string[] = [];
    const server = await scriptedServer(({ params, path }: Asked) => {
      if (!path.endsWith('/insights')) {
        return {
          body: '{"id":"act_1","account_id":"1","name":"Synthetic","currency":"EUR","timezone_name":"Europe/Berlin"}',
        };
      }
      const { since } = JSON.parse(params.get('time_range') ?? '{}') as { readonly since: string };
      if (since >= kept) return { body: '{"data":[]}' };
      refused.push(since);
      return { status: 400, body: '{"error":{"message":"(#3018) too old","code":3018}}' };
    });
    const source = {
      url: server.url,
      token: SCRIPTED_TOKEN,
      accountIds: ['1'],
    } as unknown as Sandbox;
    const lake = temporaryLake();
    const until = addDays(TODAY, -TOTAL_DAYS + 60);
    const selection = {
      datasets: ['insights_account_day'],
      since: addDays(TODAY, -TOTAL_DAYS),
      until,
    };
    const settings = { chunkDays: 90 };
    const first = await pull(source, { lake, today: TODAY, selection, settings });
    expect(first.accounts[0]?.error).toBeUndefined();
    const second = await pull(source, { lake, today: TODAY, selection, settings });
    expect(second.accounts[0]?.error).toBeUndefined();
    expect(refused.length).toBe(1);
    const batches = listBatches(lake, datasetNamed('insights_account_day'), '1');
    expect(batches.map(({ scope }) => scope.until)).toEqual([until, until]);
    expect(refuseHistory(lake, { day: TODAY, today: TODAY })).toBe(1);
    await server.close();
  });
});
