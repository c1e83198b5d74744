import { describe, expect, it } from 'vitest';
import { landBatch } from '../../../src/landing/batch.ts';
import { datasetNamed } from '../../../src/platforms/meta/named.ts';
import { objectPlan, type Planned } from '../../../src/platforms/meta/pull-plan.ts';
import type { Question } from '../../../src/platforms/meta/requests.ts';
import { addDays, daysBetween } from '../../../src/window.ts';
import type { Lake } from '../../../src/zone.ts';
import { sandboxConfig } from '../../helpers/extract.ts';
import { temporaryLake } from '../../helpers/lake.ts';

const START = '2026-03-02';
/** More than two pages of 50. */
const MANY = Array.from({ length: 101 }, (_, place) => String(1000 + place));
const SERVER = { url: 'http://127.0.0.1:9', token: 'synthetic', accountIds: ['1'] };

function land(
  lake: Lake,
  name: 'ads' | 'ad_creatives',
  at: { readonly day: string; readonly ids: readonly string[] },
): void {
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

interface How {
  readonly detailDays?: number;
  readonly datasets?: readonly string[];
}

/** Whether the list is asked for on a day, after the ads of that day have come. */
function isAsked(lake: Lake, today: string, how: How = {}): boolean {
  return planOn(lake, today, how).questions.some(isList);
}

function isList({ dataset }: Question): boolean {
  return dataset.name === 'ad_creatives';
}

/** What is asked for of lists on a day, and what waits. */
function planOn(lake: Lake, today: string, how: How = {}): Planned {
  const { detailDays = 7, datasets } = how;
  return objectPlan({
    lake,
    config: sandboxConfig(SERVER, { detailDays, datasets: null }),
    accountId: '1',
    today,
    firstPullDays: 14,
    selection: datasets === undefined ? {} : { datasets },
  });
}

describe('the list of creatives', () => {
  it('is asked for daily when details are, and once a week when old details wait', () => {
    const lake = temporaryLake();
    const asked: string[] = [];
    for (let day = START; daysBetween(START, day) < 22; day = addDays(day, 1)) {
      land(lake, 'ads', { day, ids: MANY });
      expect(isAsked(lake, day, { detailDays: 28 }), day).toBe(true);
      if (!isAsked(lake, day)) continue;
      asked.push(day);
      land(lake, 'ad_creatives', { day, ids: MANY });
      expect(isAsked(lake, day), 'not twice on a day').toBe(false);
    }
    expect(asked[0]).toBe(START);
    expect(asked.length).toBe(4);
    const turns = asked.slice(1);
    expect(turns.map((day) => daysBetween(turns[0] ?? '', day))).toEqual([0, 7, 14]);
  });

  it('does not wait when an ad has a creative that none had before, or a person names it', () => {
    const lake = temporaryLake();
    land(lake, 'ads', { day: START, ids: MANY });
    land(lake, 'ad_creatives', { day: START, ids: MANY });
    const days = [1, 2, 3, 4, 5, 6, 7].map((count) => addDays(START, count));
    const quiet = days.filter((day) => !isAsked(lake, day));
    expect(quiet.length).toBeGreaterThan(0);
    const [day = ''] = quiet;
    expect(isAsked(lake, day, { datasets: ['ad_creatives'] })).toBe(true);
    land(lake, 'ads', { day, ids: ['12', ...MANY] });
    expect(isAsked(lake, day)).toBe(true);
  });

  it('of an account that has few of them does not wait, and says when it is asked for where it does', () => {
    const [few, many] = [temporaryLake(), temporaryLake()];
    for (let day = START; daysBetween(START, day) < 8; day = addDays(day, 1)) {
      land(few, 'ads', { day, ids: MANY.slice(0, 100) });
      expect(isAsked(few, day), day).toBe(true);
      land(few, 'ad_creatives', { day, ids: MANY.slice(0, 100) });
      expect(planOn(few, day).waiting, 'what came today waits for nothing').toEqual([]);
      land(many, 'ads', { day, ids: MANY });
      const { waiting, questions } = planOn(many, day);
      expect(waiting.length, 'it waits, or it is asked for').toBe(questions.some(isList) ? 0 : 1);
      for (const { asked_on } of waiting) {
        expect(isAsked(many, addDays(asked_on, -1)), `the day before ${asked_on}`).toBe(false);
        expect(isAsked(many, asked_on), asked_on).toBe(true);
      }
      if (questions.some(isList)) land(many, 'ad_creatives', { day, ids: MANY });
    }
  });
});
