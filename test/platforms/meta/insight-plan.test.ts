import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Batch, CampaignScope } from '../../../src/landing/batch.ts';
import {
  type InsightPlanInput,
  insightQuestions,
  MAX_FILTER_IDS,
} from '../../../src/platforms/meta/insight-plan.ts';
import { lookbackRows } from '../../../src/platforms/meta/lookback-rows.ts';
import { datasetNamed } from '../../../src/platforms/meta/named.ts';
import type { Question } from '../../../src/platforms/meta/requests.ts';
import { type Weekly, weeklyOf } from '../../../src/platforms/meta/weekly.ts';
import { askedOf } from '../../../src/pull/asked.ts';
import { addDays, daysBetween, daysOf } from '../../../src/window.ts';

const ALL: CampaignScope = { kind: 'all' };
const START = '2026-03-01';
/** So that 28 days fill more than two pages of 500; with few, they fit into one. */
const MANY_A_DAY = 60;
const FEW_A_DAY = 10;

function batch(
  today: string,
  question: Pick<Question, 'window' | 'campaigns'>,
  rowsPerDay = MANY_A_DAY,
): Batch {
  const days = question.window === null ? 0 : daysOf(question.window).length;
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
    pages: [{ file: 'page-00001.json', sha256: '', bytes: 1, rows: days * rowsPerDay }],
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

/** What waits for its turn, in a dataset of details of which this has landed. */
function weeklyOn(
  today: string,
  landed: readonly Batch[],
  name = 'insights_ad_day',
): Weekly | null {
  return weeklyOf({ config: DETAIL, accountId: '1', today }, datasetNamed(name), landed);
}

/** An answer about the lookback of a day. */
function lookback(today: string, rowsPerDay = MANY_A_DAY): Batch {
  const window = { since: addDays(today, -28), until: addDays(today, -1) };
  return batch(today, { window, campaigns: ALL }, rowsPerDay);
}

/** Days, in a row, on which plans are made and all answers come; asked of what is known by then. */
function runDaily(
  runs: number,
  how: {
    readonly idleOn?: (today: string) => InsightPlanInput['idle'];
    readonly weeklyFrom?: string;
    /** Rows of each day in the answers of a day. */
    readonly rowsOn?: (today: string) => number;
  } = {},
) {
  const { idleOn = () => [], weeklyFrom = START, rowsOn = () => MANY_A_DAY } = how;
  let today = START;
  let landed: readonly Batch[] = [];
  const log: { readonly today: string; readonly questions: readonly Question[] }[] = [];
  for (let run = 0; run < runs; run++) {
    const weekly = today < weeklyFrom ? null : weeklyOn(today, landed);
    const questions = plan(today, landed, { idle: idleOn(today), weekly });
    landed = [...landed, ...questions.map((one) => batch(today, one, rowsOn(today)))];
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
            weeklyOf({ config: DETAIL, accountId, today: START }, datasetNamed(name), [
              lookback(START),
            ])?.turn,
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
      weeklyOf({ config, accountId: '1', today: START }, dataset, [lookback(START)]);
    expect(at(DETAIL)).not.toBeNull();
    expect(at({ ...DETAIL, detailDays: 28 })).toBeNull();
    expect(at({ ...DETAIL, enableActivityFiltering: false })).toBeNull();
    expect(weeklyOn(START, [lookback(START)], 'insights_campaign_day')).toBeNull();
    expect(weeklyOn(START, [lookback(START)], 'insights_account_day')).toBeNull();
  });

  it('bring what a campaign that sleeps still gets, without asking for it by name', () => {
    const idle = [{ id: '7', deliveryDays: ['2026-02-20'], sweepOn: '2026-03-10' }];
    const { log, asked } = runDaily(50, { idleOn: () => idle });
    const kinds = log.flatMap(({ questions }) => questions.map(({ campaigns }) => campaigns.kind));
    expect(new Set(kinds)).toEqual(new Set(['all', 'not_in']));
    const today = addDays(START, 49);
    for (const day of daysOf({ since: '2026-02-20', until: addDays(today, -36) })) {
      const last = asked.lastAsked(day, '7');
      expect(last !== null && daysBetween(day, last) >= 28, day).toBe(true);
    }
  });
});

describe('a campaign that sleeps', () => {
  const last = '2026-02-20';
  const [settles, closes] = [addDays(last, 28), addDays(last, 56)];
  const sweepOn = (today: string) => (today >= closes ? closes : settles);
  const idleOn = (today: string) => [
    { id: '7', deliveryDays: [last], sweepOn: today < settles ? null : sweepOn(today) },
  ];
  const swept = daysOf({ since: last, until: addDays(last, 27) });

  it('while a person turns to weekly details is still swept for the days that were final for all others by then', () => {
    const { asked } = runDaily(60, { idleOn, weeklyFrom: addDays(START, 25) });
    for (const day of swept) {
      expect((asked.lastAsked(day, '7') ?? '') >= addDays(day, 28), day).toBe(true);
    }
  });

  it('in an account that grows past two pages and shrinks again loses none of its days', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }), (isMany) => {
        const rowsOn = (today: string) =>
          isMany[daysBetween(START, today)] === true ? MANY_A_DAY : FEW_A_DAY;
        const { asked, log } = runDaily(60, { idleOn, rowsOn });
        for (const day of swept) {
          expect((asked.lastAsked(day, '7') ?? '') >= addDays(day, 28), day).toBe(true);
        }
        for (const { today, questions } of log.slice(1)) {
          expect(daysAsked(questions), today).toContain(addDays(today, -1));
        }
      }),
      { numRuns: 4 },
    );
  });
});

describe('whatever the days of the runs, and whichever of them fail, details', () => {
  const gap = fc.integer({ min: 1, max: 20 });
  const keep = fc.integer({ min: 0, max: 3 });
  const idle = [{ id: '7', deliveryDays: [], sweepOn: null }];

  it.each([
    ['that are many', true],
    ['that are many at times', false],
  ])('%s are a week old at most, and final once asked for at 28 days', (_, isAlways) => {
    const run = fc.record({ gap, keep, isMany: isAlways ? fc.constant(true) : fc.boolean() });
    fc.assert(
      fc.property(fc.array(run, { minLength: 1, maxLength: 12 }), (runs) => {
        let today = START;
        let landed: readonly Batch[] = [];
        const known = () => (isAlways ? [lookback(today)] : landed);
        const ask = (isMany: boolean): readonly Batch[] =>
          plan(today, landed, { idle, weekly: weeklyOn(today, known()) }).map((one) =>
            batch(today, one, isMany ? MANY_A_DAY : FEW_A_DAY),
          );
        for (const { gap, keep, isMany } of runs) {
          landed = [...landed, ...ask(isMany).filter((_, at) => keep === 0 || at % 4 !== keep)];
          today = addDays(today, gap);
        }
        landed = [...landed, ...ask(true)];
        const asked = askedOf(landed);
        const firstDay = addDays(asked.firstToday ?? today, -60);
        for (const day of daysOf({ since: firstDay, until: addDays(today, -1) })) {
          const age = daysBetween(day, today);
          const last = asked.lastAsked(day, null) ?? '';
          const isFinal = last >= addDays(day, 28);
          expect(last === today || isFinal || (age > 7 && last > addDays(today, -7)), day).toBe(
            true,
          );
          if (!isFinal || !isAlways) continue;
          const ofSleeper = asked.lastAsked(day, '7') ?? '';
          expect(ofSleeper >= addDays(day, 28), `${day}, of one who sleeps`).toBe(true);
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe('details that an account has few of', () => {
  it('are asked for daily, all of them, in as many questions as ever', () => {
    const { log } = runDaily(12, { rowsOn: () => FEW_A_DAY });
    for (const { today, questions } of log.slice(1)) {
      expect(span(questions), today).toEqual([addDays(today, -28), addDays(today, -1)]);
      expect(questions.length, today).toBe(4);
    }
  });

  it('wait from the day on which they are too many, and no longer once they are few again', () => {
    const isMany = (today: string) => today >= addDays(START, 10) && today < addDays(START, 40);
    const { log } = runDaily(60, { rowsOn: (day) => (isMany(day) ? MANY_A_DAY : FEW_A_DAY) });
    const waits = log.map(
      ({ today, questions }) => (span(questions)[0] ?? '') > addDays(today, -28),
    );
    expect(waits.slice(1, 11), 'as long as they are few').not.toContain(true);
    const turns = waits.slice(11, 40).flatMap((isWaiting, place) => (isWaiting ? [] : [place]));
    const gaps = turns.slice(1).map((place, index) => place - (turns[index] ?? 0));
    expect(gaps, 'as long as they are many').toEqual([7, 7, 7, 7].slice(0, gaps.length));
    expect(gaps.length).toBeGreaterThan(2);
    expect(waits.slice(48), 'once the old days are known to be few').not.toContain(true);
  });

  it('are not many because a person, or a turn, has asked for many days at once', () => {
    const window = { since: addDays(START, -90), until: addDays(START, -1) };
    const whole = batch(START, { window, campaigns: ALL }, FEW_A_DAY);
    expect(lookbackRows([whole], { today: START, lookbackDays: 28 })).toBe(28 * FEW_A_DAY);
    expect(weeklyOn(START, [whole])).toBeNull();
  });
});

describe('how many rows the lookback has', () => {
  const at = { today: START, lookbackDays: 28 };
  const young = { since: addDays(START, -7), until: addDays(START, -1) };
  const old = { since: addDays(START, -28), until: addDays(START, -8) };

  it('is what the newest answer that reached back to a day had of it', () => {
    const before = addDays(START, -3);
    const answers = [
      batch(before, { window: old, campaigns: ALL }, 20),
      batch(before, { window: old, campaigns: ALL }, 50),
      batch(START, { window: young, campaigns: { kind: 'not_in', ids: ['7'] } }, 10),
    ];
    expect(lookbackRows(answers, at)).toBe(21 * 50 + 7 * 10);
    expect(weeklyOn(START, answers), 'the young days alone are few').not.toBeNull();
  });

  it('is not told by sweeps, saved pages or answers that are not whole', () => {
    const few = batch(START, { window: old, campaigns: ALL }, FEW_A_DAY);
    const many = batch(START, { window: old, campaigns: ALL });
    const others: readonly Batch[] = [
      { ...many, scope: { ...many.scope, campaigns: { kind: 'in', ids: ['7'] } } },
      { ...many, source: 'captured' },
      { ...many, scope: { ...many.scope, complete: false } },
      { ...many, scope: { ...many.scope, since: null, until: null } },
    ];
    for (const other of others) {
      expect(lookbackRows([few, other], at)).toBe(21 * FEW_A_DAY);
      expect(lookbackRows([other], at), 'nothing is known').toBe(0);
    }
  });

  it('lets details wait from the first row on that does not fit into two pages', () => {
    const rows = (count: number): Batch => {
      const whole = lookback(START, 0);
      return { ...whole, pages: whole.pages.map((page) => ({ ...page, rows: count })) };
    };
    expect(weeklyOn(START, [rows(1000)])).toBeNull();
    expect(weeklyOn(START, [rows(1001)])).not.toBeNull();
  });
});
