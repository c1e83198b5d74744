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
import { type Weekly, weeklyOf } from '../../../src/platforms/meta/weekly.ts';
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

const DETAIL = { detailDays: 7, lookbackDays: 28, enableActivityFiltering: true };

/** What waits for its turn, in a dataset of details. */
function weeklyOn(today: string, name = 'insights_ad_day'): Weekly | null {
  return weeklyOf({ config: DETAIL, accountId: '1', today }, datasetNamed(name));
}

/** Days, in a row, on which plans are made and all answers come; asked of what is known by then. */
function runDaily(
  runs: number,
  idleOn: (today: string) => InsightPlanInput['idle'] = () => [],
  weeklyFrom = START,
) {
  let today = START;
  let landed: readonly Batch[] = [];
  const log: { readonly today: string; readonly questions: readonly Question[] }[] = [];
  for (let run = 0; run < runs; run++) {
    const weekly = today < weeklyFrom ? null : weeklyOn(today);
    const questions = plan(today, landed, { idle: idleOn(today), weekly });
    landed = [...landed, ...questions.map((question) => batch(today, question))];
    log.push({ today, questions });
    today = addDays(today, 1);
  }
  return { log, asked: askedOf(landed) };
}

describe('details of days past the age that a person chose', () => {
  it('are asked for once a week, all of them together, and younger ones every day', () => {
    const ages = runDaily(30)
      .log.slice(1)
      .map(({ today, questions }) =>
        daysAsked(questions)
          .map((day) => daysBetween(day, today))
          .sort((a, b) => a - b),
      );
    const young = [1, 2, 3, 4, 5, 6, 7];
    const turns = ages.flatMap((found, place) => (found.length > young.length ? [place] : []));
    for (const found of ages) expect(found.slice(0, 7)).toEqual(young);
    expect(turns.slice(1).map((place, index) => place - (turns[index] ?? 0))).toEqual(
      turns.slice(1).map(() => 7),
    );
    expect(turns.length).toBeGreaterThanOrEqual(4);
    for (const place of turns.slice(1)) {
      const whole = Array.from({ length: ages[place]?.length ?? 0 }, (_, index) => index + 1);
      expect(ages[place]).toEqual(whole);
      expect(whole.length).toBeGreaterThanOrEqual(27);
      expect(whole.length).toBeLessThanOrEqual(34);
    }
  });

  it('have their turns on different days, by account and dataset', () => {
    const turns = ['insights_ad_day', 'insights_ad_set_day', 'insights_country_day'].flatMap(
      (name) =>
        ['1', '2', '3', '4'].map(
          (accountId) =>
            weeklyOf({ config: DETAIL, accountId, today: START }, datasetNamed(name))?.turn,
        ),
    );
    expect(new Set(turns).size).toBeGreaterThan(3);
    for (const turn of turns) {
      expect(turn !== undefined && turn <= START && turn > addDays(START, -7)).toBe(true);
    }
  });

  it('wait for nothing where the whole lookback is chosen, or the filter is off', () => {
    const dataset = datasetNamed('insights_ad_day');
    const at = (config: typeof DETAIL) =>
      weeklyOf({ config, accountId: '1', today: START }, dataset);
    expect(at(DETAIL)).not.toBeNull();
    expect(at({ ...DETAIL, detailDays: 28 })).toBeNull();
    expect(at({ ...DETAIL, enableActivityFiltering: false })).toBeNull();
    expect(weeklyOn(START, 'insights_campaign_day')).toBeNull();
    expect(weeklyOn(START, 'insights_account_day')).toBeNull();
  });

  it('bring what a campaign that sleeps still gets, without asking for it by name', () => {
    const idle = [{ id: '7', deliveryDays: ['2026-02-20'], sweepOn: '2026-03-10' }];
    const { log, asked } = runDaily(50, () => idle);
    const kinds = log.flatMap(({ questions }) => questions.map(({ campaigns }) => campaigns.kind));
    expect(new Set(kinds)).toEqual(new Set(['all', 'not_in']));
    const today = addDays(START, 49);
    for (const day of daysOf({ since: '2026-02-20', until: addDays(today, -36) })) {
      const last = asked.lastAsked(day, '7');
      expect(last !== null && daysBetween(day, last) >= 28, day).toBe(true);
    }
  });
});

describe('a campaign that sleeps while a person turns to weekly details', () => {
  const last = '2026-02-20';
  const [settles, closes] = [addDays(last, 28), addDays(last, 56)];

  it('is still swept for the days that were final for all others by then', () => {
    const sweepOn = (today: string) => (today >= closes ? closes : settles);
    const idleOn = (today: string) => [
      { id: '7', deliveryDays: [last], sweepOn: today < settles ? null : sweepOn(today) },
    ];
    const { asked } = runDaily(60, idleOn, addDays(START, 25));
    for (const day of daysOf({ since: last, until: addDays(last, 27) })) {
      expect((asked.lastAsked(day, '7') ?? '') >= addDays(day, 28), day).toBe(true);
    }
  });
});

describe('whatever the days of the runs, and whichever of them fail, details', () => {
  it('are a week old at most, and final once asked for at 28 days, also for those who sleep', () => {
    const run = fc.record({
      gap: fc.integer({ min: 1, max: 20 }),
      keep: fc.integer({ min: 0, max: 3 }),
    });
    const idle = [{ id: '7', deliveryDays: [], sweepOn: null }];
    fc.assert(
      fc.property(fc.array(run, { minLength: 1, maxLength: 12 }), (runs) => {
        let today = START;
        let landed: readonly Batch[] = [];
        const ask = (): readonly Batch[] =>
          plan(today, landed, { idle, weekly: weeklyOn(today) }).map((one) => batch(today, one));
        for (const { gap, keep } of runs) {
          landed = [...landed, ...ask().filter((_, index) => keep === 0 || index % 4 !== keep)];
          today = addDays(today, gap);
        }
        landed = [...landed, ...ask()];
        const asked = askedOf(landed);
        const firstDay = addDays(asked.firstToday ?? today, -60);
        for (const day of daysOf({ since: firstDay, until: addDays(today, -1) })) {
          const age = daysBetween(day, today);
          const last = asked.lastAsked(day, null) ?? '';
          const isFinal = last >= addDays(day, 28);
          expect(last === today || isFinal || (age > 7 && last > addDays(today, -7)), day).toBe(
            true,
          );
          if (!isFinal) continue;
          expect((asked.lastAsked(day, '7') ?? '') >= addDays(day, 28), day).toBe(true);
        }
      }),
      { numRuns: 30 },
    );
  });
});
