import { describe, expect, it } from 'vitest';
import { landBatch } from '../../../src/landing/batch.ts';
import { datasetNamed } from '../../../src/platforms/meta/named.ts';
import { objectQuestions } from '../../../src/platforms/meta/pull-plan.ts';
import { addDays, daysBetween } from '../../../src/window.ts';
import type { Lake } from '../../../src/zone.ts';
import { sandboxConfig } from '../../helpers/extract.ts';
import { temporaryLake } from '../../helpers/lake.ts';

const START = '2026-03-02';
const SERVER = { url: 'http://127.0.0.1:9', token: 'synthetic', accountIds: ['1'] };

function land(lake: Lake, name: 'ads' | 'ad_creatives', at: { day: string; ids: string[] }): void {
  const records = at.ids.map((id) =>
    name === 'ads' ? { id: `9${id}`, creative: { id } } : { id, name: 'synthetic' },
  );
  landBatch(lake, datasetNamed(name), {
    head: {
      dataset: name,
      account_id: '1',
      object_id: null,
      source: 'api',
      scope: { since: null, until: null, campaigns: { kind: 'all' }, complete: true },
      today: at.day,
      api_version: 'v26.0',
      request: {},
      timezone: 'UTC',
      currency: 'EUR',
    },
    pages: [{ bytes: Buffer.from(JSON.stringify({ data: records })), rows: records.length }],
    now: `${at.day}T12:00:00.000Z`,
  });
}

/** Whether the list is asked for on a day, after the ads of that day have come. */
function isAsked(
  lake: Lake,
  today: string,
  how: { readonly detailDays?: number; readonly datasets?: readonly string[] } = {},
): boolean {
  const { detailDays = 7, datasets } = how;
  const questions = objectQuestions({
    lake,
    config: sandboxConfig(SERVER, { detailDays, datasets: null }),
    accountId: '1',
    today,
    firstPullDays: 14,
    selection: datasets === undefined ? {} : { datasets },
  });
  return questions.some(({ dataset }) => dataset.name === 'ad_creatives');
}

describe('the list of creatives', () => {
  it('is asked for daily when details are, and once a week when old details wait', () => {
    const lake = temporaryLake();
    const asked: string[] = [];
    for (let day = START; daysBetween(START, day) < 22; day = addDays(day, 1)) {
      land(lake, 'ads', { day, ids: ['11', '12'] });
      expect(isAsked(lake, day, { detailDays: 28 }), day).toBe(true);
      if (!isAsked(lake, day)) continue;
      asked.push(day);
      land(lake, 'ad_creatives', { day, ids: ['11', '12'] });
      expect(isAsked(lake, day), 'not twice on a day').toBe(false);
    }
    expect(asked[0]).toBe(START);
    expect(asked.length).toBe(4);
    const turns = asked.slice(1);
    expect(turns.map((day) => daysBetween(turns[0] ?? '', day))).toEqual([0, 7, 14]);
  });

  it('does not wait when an ad has a creative that none had before, or a person names it', () => {
    const lake = temporaryLake();
    land(lake, 'ads', { day: START, ids: ['11'] });
    land(lake, 'ad_creatives', { day: START, ids: ['11'] });
    const days = [1, 2, 3, 4, 5, 6, 7].map((count) => addDays(START, count));
    const quiet = days.filter((day) => !isAsked(lake, day));
    expect(quiet.length).toBeGreaterThan(0);
    const [day = ''] = quiet;
    expect(isAsked(lake, day, { datasets: ['ad_creatives'] })).toBe(true);
    land(lake, 'ads', { day, ids: ['12', '11'] });
    expect(isAsked(lake, day)).toBe(true);
  });
});
