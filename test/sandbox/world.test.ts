import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { type Sandbox, sandboxTruth, type TruthRow } from '../../src/sandbox/index.ts';
import { ask, type Json, withSandbox } from './ask.ts';

const ALL = ['ACTIVE', 'PAUSED', 'ARCHIVED', 'DELETED'];
const EPOCH = Temporal.PlainDate.from('1970-01-01');
const dayNumber = (day: string) => EPOCH.until(day, { largestUnit: 'day' }).days;
const dayText = (day: number) => EPOCH.add({ days: day }).toString();

/** Every campaign that the API knows, with hidden ones. */
async function campaigns(sandbox: Sandbox): Promise<readonly Json[]> {
  const lists = sandbox.accountIds.map((id) =>
    ask(sandbox, `act_${id}/campaigns`, {
      fields: 'id,name,effective_status,stop_time',
      effective_status: ALL,
      limit: 500,
    }),
  );
  return (await Promise.all(lists)).flatMap((list) => list.data);
}

/** Days on which each campaign delivered in the 90 days up to `today`. */
function deliveryDays(today: string): ReadonlyMap<string, readonly number[]> {
  const since = dayText(dayNumber(today) - 89);
  const days = new Map<string, number[]>();
  for (const row of sandboxTruth({ today, since, until: today })) {
    if (row.impressions === '0') continue;
    days.set(row.campaign_id, [...(days.get(row.campaign_id) ?? []), dayNumber(row.date)]);
  }
  return days;
}

const gaps = (days: readonly number[]) =>
  days.slice(1).map((day, index) => day - (days[index] ?? day) - 1);

describe.each(['2024-01-15', '2025-07-04', '2026-03-20', '2029-11-11', '2035-12-31'])(
  'in the 90 days up to %s',
  (today) => {
    const days = deliveryDays(today);
    const now = dayNumber(today);

    test('around 25 campaigns deliver', () => {
      expect(days.size).toBeGreaterThanOrEqual(20);
      expect(days.size).toBeLessThanOrEqual(32);
    });

    test('a campaign is silent for exactly 12 days and comes back', () => {
      expect([...days.values()].flatMap(gaps)).toContain(12);
    });

    test('campaigns go silent for good, long enough to be settled, and stay ACTIVE without a stop_time', async () => {
      await withSandbox({ today }, async (sandbox) => {
        const quiet = (await campaigns(sandbox)).filter(
          (row) => row.effective_status === 'ACTIVE' && row.stop_time === undefined,
        );
        const ages = quiet
          .map((row) => days.get(String(row.id))?.at(-1))
          .filter((last): last is number => last !== undefined)
          .map((last) => now - last);
        expect(ages.some((age) => age > 7 && age < 62)).toBe(true);
        expect(ages.some((age) => age >= 28)).toBe(true);
      });
    });

    test('some campaigns that delivered are deleted, archived, paused, or past their stop_time', async () => {
      await withSandbox({ today }, async (sandbox) => {
        const delivered = (await campaigns(sandbox)).filter((row) => days.has(String(row.id)));
        const statuses = delivered.map((row) => row.effective_status);
        for (const status of ALL) expect(statuses).toContain(status);
        const past = delivered.filter((row) => {
          const stop = row.stop_time;
          return typeof stop === 'string' && stop.slice(0, 10) < today;
        });
        expect(past.length).toBeGreaterThan(0);
        expect(past.some((row) => row.effective_status === 'ACTIVE')).toBe(true);
      });
    });
  },
);

test('what happened on a day does not depend on the current day', () => {
  const span = { since: '2025-03-01', until: '2025-03-31' };
  const known: (readonly TruthRow[])[] = ['2025-04-28', '2026-03-01', '2027-12-01'].map((today) =>
    sandboxTruth({ today, ...span }),
  );
  expect(known[0]?.length).toBeGreaterThan(300);
  expect(known[1]).toEqual(known[0]);
  expect(known[2]).toEqual(known[0]);
});

test('ids are 18 digits above 2^53, and most are not whole as numbers', async () => {
  await withSandbox({ today: '2026-03-20' }, async (sandbox) => {
    const ids = (await campaigns(sandbox)).map((row) => String(row.id));
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^\d{18}$/);
    expect(ids.filter((id) => BigInt(Number(id)) !== BigInt(id)).length).toBeGreaterThan(
      ids.length / 2,
    );
    for (const id of sandbox.accountIds) expect(BigInt(id) > 2n ** 53n).toBe(true);
  });
});

test('names with every hostile character survive JSON', async () => {
  await withSandbox({ today: '2026-03-20' }, async (sandbox) => {
    const names = (await campaigns(sandbox)).map((row) => String(row.name));
    const text = names.join('|');
    for (const part of [
      ',',
      '"',
      '\n',
      '\r\n',
      '\t',
      '🌞',
      '<script>',
      '夏',
      'الخصم',
      '\\',
      "'",
      ';',
    ]) {
      expect(text).toContain(part);
    }
    for (const start of ['=', '@', '+', ' ']) {
      expect(names.some((name) => name.startsWith(start))).toBe(true);
    }
  });
});
