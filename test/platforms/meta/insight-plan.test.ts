import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Batch, CampaignScope } from '../../../src/landing/batch.ts';
import {
  type InsightPlanInput,
  insightQuestions,
  MAX_FILTER_IDS,
} from '../../../src/platforms/meta/insight-plan.ts';
import { datasetNamed } from '../../../src/platforms/meta/named.ts';
import type { Question } from '../../../src/platforms/meta/requests.ts';
import { askedOf } from '../../../src/pull/asked.ts';
import { addDays, daysBetween, daysOf } from '../../../src/window.ts';

const ALL: CampaignScope = { kind: 'all' };
const START = '2026-03-01';

function batch(today: string, question: Pick<Question, 'window' | 'campaigns'>): Batch {
  return {
    batch_id: `${today}-${JSON.stringify(question)}`,
    dataset: 'insights_campaign_day',
    account_id: '1',
    object_id: null,
    source: 'api',
    scope: {
      since: question.window?.since ?? null,
      until: question.window?.until ?? null,
      campaigns: question.campaigns,
      complete: true,
    },
    today,
    landed_at: `${today}T00:00:00.000Z`,
    api_version: 'v26.0',
    request: {},
    timezone: 'Europe/Berlin',
    currency: 'EUR',
    pages: [],
  };
}

function plan(
  today: string,
  batches: readonly Batch[],
  more: Partial<InsightPlanInput> = {},
): readonly Question[] {
  return insightQuestions({
    dataset: datasetNamed('insights_campaign_day'),
    accountId: '1',
    asked: askedOf(batches),
    today,
    lookbackDays: 28,
    chunkDays: 7,
    firstPullDays: 60,
    explicit: null,
    idle: [],
    ...more,
  });
}

function daysAsked(questions: readonly Question[]): readonly string[] {
  return questions.flatMap(({ window }) => (window === null ? [] : daysOf(window))).sort();
}

function span(questions: readonly Question[]): readonly (string | undefined)[] {
  const days = daysAsked(questions);
  return [days[0], days.at(-1)];
}

describe('what is asked for', () => {
  const first = plan(START, []).map((question) => batch(START, question));

  it('is the whole first pull, up to yesterday, each day once, in chunks', () => {
    const questions = plan(START, []);
    expect(daysAsked(questions)).toEqual(
      daysOf({ since: addDays(START, -60), until: addDays(START, -1) }),
    );
    expect(questions.every(({ campaigns }) => campaigns.kind === 'all')).toBe(true);
    expect(questions.length).toBe(9);
  });

  it('is nothing on the same day', () => {
    expect(plan(START, first)).toEqual([]);
    expect(plan(addDays(START, -1), first), 'nor when the clock goes back').toEqual([]);
  });

  it('is the lookback on the next day', () => {
    const next = addDays(START, 1);
    expect(span(plan(next, first))).toEqual([addDays(next, -28), addDays(next, -1)]);
  });

  it('is, after two weeks without a run, everything that had not settled before', () => {
    const later = addDays(START, 14);
    expect(span(plan(later, first))).toEqual([addDays(START, -27), addDays(later, -1)]);
  });

  it('is what a run that was cut short had left, and never with anybody left out', () => {
    const cut = first.filter((one) => one.scope.since !== '2026-01-07');
    const idle = [{ id: '7', deliveryDays: [], sweepOn: null }];
    const [rest, ...more] = plan(addDays(START, 1), cut, { idle });
    expect(rest).toMatchObject({
      window: { since: '2026-01-07', until: '2026-01-13' },
      campaigns: ALL,
    });
    expect(more.every(({ campaigns }) => campaigns.kind === 'not_in')).toBe(true);
  });

  it('ignores pages that somebody saved: nobody knows what they leave out', () => {
    const saved = first.map((one) => ({ ...one, source: 'captured' as const }));
    expect(plan(START, saved)).toEqual(plan(START, []));
  });

  it('is exactly the window that a person names, with nobody left out', () => {
    const explicit = { since: '2026-02-01', until: '2026-02-10' };
    const idle = [{ id: '7', deliveryDays: ['2026-01-05'], sweepOn: null }];
    const questions = plan(START, first, { explicit, idle });
    expect(daysAsked(questions)).toEqual(daysOf(explicit));
    expect(questions.every(({ campaigns }) => campaigns.kind === 'all')).toBe(true);
  });

  it('leaves a campaign out only after every day of its delivery was asked about', () => {
    const today = addDays(START, 14);
    const idle = (day: string) => [{ id: '7', deliveryDays: [day], sweepOn: null }];
    const kinds = (day: string) =>
      new Set(plan(today, first, { idle: idle(day) }).map(({ campaigns }) => campaigns.kind));
    expect(kinds(addDays(START, -1))).toEqual(new Set(['not_in']));
    expect(kinds(addDays(START, 3)), 'it delivered while nobody asked').toEqual(new Set(['all']));
  });

  it('names no more campaigns than fit a filter', () => {
    const ids = Array.from({ length: 450 }, (_, index) => String(10_000 + index));
    const since = addDays(START, -28);
    const without = batch(START, {
      window: { since, until: addDays(START, -1) },
      campaigns: { kind: 'not_in', ids },
    });
    const named = plan(START, [without], { firstPullDays: 28 }).filter(
      ({ campaigns }) => campaigns.kind === 'in',
    );
    const asked = named.flatMap(({ campaigns }) => (campaigns.kind === 'in' ? campaigns.ids : []));
    expect(asked.sort()).toEqual(ids);
    for (const { campaigns } of named) {
      expect(campaigns.kind === 'in' ? campaigns.ids.length : 0).toBeLessThanOrEqual(
        MAX_FILTER_IDS,
      );
    }
  });
});

describe('whatever the days of the runs, and whichever of them fail,', () => {
  it('every day is asked about until it was asked about at 28 days, as long as runs go on', () => {
    const run = fc.record({
      gap: fc.integer({ min: 1, max: 20 }),
      keep: fc.integer({ min: 0, max: 3 }),
    });
    fc.assert(
      fc.property(fc.array(run, { minLength: 1, maxLength: 12 }), (runs) => {
        let today = START;
        let landed: readonly Batch[] = [];
        for (const { gap, keep } of runs) {
          const answers = plan(today, landed).map((question) => batch(today, question));
          landed = [...landed, ...answers.filter((_, index) => keep === 0 || index % 4 !== keep)];
          today = addDays(today, gap);
        }
        const answers = plan(today, landed).map((question) => batch(today, question));
        const asked = askedOf([...landed, ...answers]);
        const firstDay = addDays(asked.firstToday ?? today, -60);
        for (const day of daysOf({ since: firstDay, until: addDays(today, -1) })) {
          const last = asked.lastAsked(day, null);
          expect(last, day).not.toBeNull();
          const isFinal = last !== null && daysBetween(day, last) >= 28;
          expect(last === today || isFinal, day).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });
});
