import { beforeAll, describe, expect, it } from 'vitest';
import { type BuiltRow, builtRows } from '../helpers/built-model.ts';
import type { StagingFiles, StagingRow } from '../helpers/curated-lake.ts';

/** A contact of a person on a day of March 2026 at noon; `channel` may name a campaign: `Search/brand`. */
function touch(person: string, day: number, channel: string): StagingRow {
  const [name = '', campaign = null] = channel.split('/');
  return {
    source: 'made-up',
    person_key: person,
    day: on(day),
    touched_at: `${on(day)}T12:00:00.000Z`,
    channel: name,
    campaign,
    batch_id: 'b',
    pulled_on: '2026-04-01',
  };
}

function order(person: string | null, day: number, amount: string, more: StagingRow = {}) {
  return {
    source: 'shop',
    order_id: `${person} ${day} ${amount}`,
    ordered_at: `${on(day)}T12:00:00.000Z`,
    day: on(day),
    amount,
    currency: 'EUR',
    customer_key: person,
    is_sold: true,
    batch_id: 'b',
    pulled_on: '2026-04-01',
    ...more,
  };
}

const on = (day: number) => `2026-03-${String(day).padStart(2, '0')}`;

function lakeOf(
  touches: readonly StagingRow[],
  orders: readonly StagingRow[],
  more: StagingFiles = {},
): StagingFiles {
  return { 'touchpoints/all/2026-03': touches, 'orders/all/2026-03': orders, ...more };
}

const ASK = `select level, model, currency, channel, campaign, orders, revenue, total_revenue
  from curated.attribution where period = 'lifetime' order by level, model, currency, channel, campaign`;

function credits(rows: readonly BuiltRow[], model: string, level = 'channel') {
  return Object.fromEntries(
    rows
      .filter((row) => row.model === model && row.level === level)
      .map((row) => [
        level === 'channel' ? row.channel : `${String(row.channel)}/${String(row.campaign)}`,
        Number(row.revenue),
      ]),
  );
}

describe('the models that look at one order', () => {
  let rows: readonly BuiltRow[];

  beforeAll(async () => {
    rows = await builtRows(
      lakeOf(
        [
          touch('a', 1, 'Social/spring'),
          touch('a', 8, 'Search/brand'),
          touch('a', 15, 'Search'),
          touch('a', 15, 'Direct'),
        ],
        [order('a', 15, '100'), order(null, 3, '10', { refunded: '4.50' })],
      ),
      ASK,
    );
  });

  it.each([
    ['first_touch', { Social: 100 }],
    // Of two contacts at one instant the one whose channel sorts last comes last.
    ['last_touch', { Search: 100 }],
    ['last_non_direct', { Search: 100 }],
    ['linear', { Social: 25, Search: 50, Direct: 25 }],
    // 40 for the first and the last, 10 for each between.
    ['position_based', { Social: 40, Search: 50, Direct: 10 }],
    // 14, 7, 0 and 0 days before: 1/4, 1/2, 1 and 1 of 11/4.
    ['time_decay', { Social: 9.09, Search: 54.55, Direct: 36.36 }],
    // Three channels in equal parts.
    ['shapley', { Social: 33.33, Search: 33.33, Direct: 33.34 }],
  ])('%s', (model, expected) => {
    expect(credits(rows, model)).toEqual({ ...expected, '(no contact known)': 5.5 });
  });

  it('divide among campaigns of channels as well', () => {
    expect(credits(rows, 'linear', 'campaign')).toEqual({
      'Social/spring': 25,
      'Search/brand': 25,
      'Search/': 25,
      'Direct/': 25,
      '(no contact known)/': 5.5,
    });
  });
});

describe('last_non_direct', () => {
  it('passes over direct contacts, unless there are no others', async () => {
    const rows = await builtRows(
      lakeOf(
        [touch('a', 1, 'Mail'), touch('a', 2, '(direct)'), touch('b', 1, 'direct')],
        [order('a', 3, '10'), order('b', 3, '7')],
      ),
      ASK,
    );
    expect(credits(rows, 'last_non_direct')).toEqual({ Mail: 10, direct: 7 });
  });
});

describe('a journey', () => {
  it('goes back to the order before, and 30 days or as many as were chosen', async () => {
    const touches = [
      touch('a', 1, 'Old'),
      touch('a', 10, 'First'),
      touch('a', 12, 'Second'),
      touch('a', 14, 'After'),
    ];
    const orders = [
      order('a', 11, '10'),
      order('a', 13, '20'),
      order('b', 12, '1', { is_sold: false }),
      order('b', 12, '2', { source: 'stripe' }),
    ];
    const journeys =
      'select path, orders, open_journeys, conversion_rate, revenue, days_per_order from curated.journeys order by path';
    const rows = await builtRows(lakeOf(touches, orders), journeys);
    expect(rows.map((row) => Object.values(row).join(' | '))).toEqual([
      'After | 0 | 1 | 0 |  | ',
      'Old > First | 1 | 0 | 1 | 10.000000 | 10',
      'Second | 1 | 0 | 1 | 20.000000 | 1',
    ]);
    const short = await builtRows(
      lakeOf(touches, orders, {
        'preferences/all/all': [{ name: 'attribution_lookback_days', subject: '', value: '5' }],
      }),
      journeys,
    );
    expect(short.map((row) => row.path)).toEqual(['After', 'First', 'Second']);
  });

  it('takes a while, told by the channel it began with', async () => {
    const rows = await builtRows(
      lakeOf(
        [touch('a', 1, 'A'), touch('b', 1, 'A'), touch('c', 3, 'B'), touch('c', 4, 'A')],
        [order('a', 3, '1'), order('b', 8, '1'), order('c', 5, '1')],
      ),
      'select * from curated.time_to_convert order by first_channel, days',
    );
    expect(rows.map((row) => Object.values(row).join(' '))).toEqual([
      'A 2 1 0.5 0.5 1',
      'A 7 1 0.5 1 1',
      'B 2 1 1 1 2',
      'all 2 2 0.6666666667 0.6666666667 1.5',
      'all 7 1 0.3333333333 1 1',
    ]);
  });
});

describe('Markov and Shapley', () => {
  /**
   * Paths: A > B led to an order of 60, A to nothing, B to an order of 30, A > B > A to nothing.
   * From start: A 3/4, B 1/4. From A (4 moves): B 2/4, none 2/4. From B (3 moves): order 2/3, A 1/3.
   */
  const touches = [
    touch('p', 1, 'A'),
    touch('p', 2, 'B'),
    touch('q', 1, 'A'),
    touch('r', 1, 'B'),
    touch('s', 1, 'A'),
    touch('s', 2, 'B'),
    touch('s', 3, 'A'),
  ];
  const orders = [order('p', 5, '60'), order('r', 5, '30')];

  it('agree with what was worked out by hand', async () => {
    const rows = await builtRows(lakeOf(touches, orders), ASK);
    // To an order from B: b = 2/3 + a/3, from A: a = b/2, so b = 4/5, a = 2/5; from start 3/4 a + 1/4 b = 1/2.
    // Without A: 1/4 x 2/3 = 1/6, so 2/3 are lost; without B nothing arrives, so all is lost. 2/3 : 1.
    expect(credits(rows, 'markov')).toEqual({ A: 36, B: 54 });
    // The worth of {A} is 0, of {B} 30, of both 90: A gets (0 + 60) / 2, B (30 + 90) / 2.
    expect(credits(rows, 'shapley')).toEqual({ A: 30, B: 60 });
  });

  it('lose nothing where many members are put together', async () => {
    const many = Array.from({ length: 70 }, (_, index) => index);
    const rows = await builtRows(
      lakeOf(
        many.flatMap((index) => [
          touch(`p${index}`, 1, `C${index}`),
          touch(`p${index}`, 2, `C${(index * 7 + 3) % 70}`),
        ]),
        many.map((index) => order(`p${index}`, 3, '1.01')),
      ),
      ASK,
    );
    const markov = Object.values(credits(rows, 'markov')).map(Number);
    expect(markov).toHaveLength(70);
    expect(Math.min(...markov)).toBeGreaterThan(0);
    expect(markov.reduce((sum, one) => sum + Math.round(one * 100), 0)).toBe(70 * 101);
  });
});

/** A small generator of numbers, so that a failure can be seen again. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

/** Shapley's own formula over all sets, as slow as it is. */
function shapleyByDefinition(
  paths: readonly { readonly members: ReadonlySet<number>; readonly cents: number }[],
  count: number,
): readonly number[] {
  const worth = (set: number) =>
    paths
      .filter(({ members }) => [...members].every((one) => (set >> one) & 1))
      .reduce((sum, { cents }) => sum + cents, 0);
  const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1));
  return Array.from({ length: count }, (_, member) => {
    let value = 0;
    for (let set = 0; set < 1 << count; set++) {
      if ((set >> member) & 1) continue;
      const size = [...Array(count).keys()].filter((one) => (set >> one) & 1).length;
      const share = (factorial(size) * factorial(count - size - 1)) / factorial(count);
      value += share * (worth(set | (1 << member)) - worth(set));
    }
    return value;
  });
}

describe('credit', () => {
  const next = numbers(7);
  const people = Array.from({ length: 400 }, (_, index) => ({
    person: `p${index}`,
    channels: Array.from({ length: 1 + next(6) }, () => next(6)),
    buys: next(3) > 0,
    cents: 1 + next(20_000),
    currency: next(4) === 0 ? 'USD' : 'EUR',
  }));
  const touches = people.flatMap(({ person, channels }) =>
    channels.map((channel, at) => touch(person, 1 + at, `Channel ${channel}/${channel % 2}`)),
  );
  const orders = [
    ...people
      .filter(({ buys }) => buys)
      .map(({ person, cents, currency }) =>
        order(person, 20, (cents / 100).toFixed(2), { currency }),
      ),
    order(null, 4, '19.99'),
  ];
  let rows: readonly BuiltRow[];

  beforeAll(async () => {
    rows = await builtRows(
      lakeOf(touches, orders),
      ASK.replace("= 'lifetime'", 'is not null').replace('select ', 'select period, '),
    );
  });

  it('is the revenue of all orders, to the cent, in each model, level, period and currency', () => {
    const sums = new Map<string, number>();
    const totals = new Map<string, number>();
    for (const row of rows) {
      const group = [row.period, row.level, row.model, row.currency].join(' ');
      sums.set(group, (sums.get(group) ?? 0) + Math.round(Number(row.revenue) * 100));
      totals.set(group, Math.round(Number(row.total_revenue) * 100));
    }
    expect(sums.size).toBe(2 * 2 * 8 * 2);
    expect(sums).toEqual(totals);
    const cents = orders
      .filter(({ currency }) => currency === 'EUR')
      .reduce((sum, { amount }) => sum + Math.round(Number(amount) * 100), 0);
    expect(totals.get('lifetime channel markov EUR')).toBe(cents);
  });

  it('by Shapley is that of his formula over all sets', () => {
    const paths = people
      .filter(({ buys, currency }) => buys && currency === 'EUR')
      .map(({ channels, cents }) => ({ members: new Set(channels), cents }));
    const exact = shapleyByDefinition(paths, 6);
    const found = credits(
      rows.filter((row) => row.period === 'lifetime' && row.currency === 'EUR'),
      'shapley',
    );
    for (const [member, cents] of exact.entries()) {
      expect(Math.abs((found[`Channel ${member}`] ?? 0) * 100 - cents)).toBeLessThan(1);
    }
  });
});

describe('paths that were planted', () => {
  it('are found again by Markov, where the last contact sees something else', async () => {
    const below = numbers(3);
    // Whoever met Lift orders in one of two cases, others in one of twenty; Last comes last for all who order.
    const people = Array.from({ length: 2000 }, (_, index) => {
      const met = ['Lift', 'Decoy', 'Noise'].filter(() => below(2) === 0);
      const channels = below(2) === 0 ? met : met.toReversed();
      const buys = channels.includes('Lift') ? below(2) === 0 : below(20) === 0;
      return { person: `p${index}`, channels: buys ? [...channels, 'Last'] : channels, buys };
    });
    const rows = await builtRows(
      lakeOf(
        people.flatMap(({ person, channels }) =>
          channels.map((channel, at) => touch(person, 1 + at, channel)),
        ),
        people.filter(({ buys }) => buys).map(({ person }) => order(person, 9, '10')),
      ),
      ASK,
    );
    expect(Object.keys(credits(rows, 'last_touch')).sort()).toEqual(['Last']);
    const markov = credits(rows, 'markov');
    const { Lift = 0, Decoy = 0, Noise = 0 } = markov;
    // A chain of the first order forgets what came before the newest contact, so it sees less of it.
    expect(Lift).toBeGreaterThan(1.2 * Math.max(Decoy, Noise));
    const shapley = credits(rows, 'shapley');
    expect(shapley.Lift ?? 0).toBeGreaterThan(
      1.5 * Math.max(shapley.Decoy ?? 0, shapley.Noise ?? 0),
    );
  });
});

describe('attribution without data', () => {
  it('is empty', async () => {
    for (const table of ['attribution', 'journeys', 'time_to_convert']) {
      expect(await builtRows({}, `select * from curated.${table}`)).toEqual([]);
    }
  });
});
