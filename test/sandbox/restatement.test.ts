import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { type Sandbox, sandboxTruth } from '../../src/sandbox/index.ts';
import { actionOf, hundredths, type Json, rows, withSandbox } from './ask.ts';

const DAY = '2026-02-10';

/** Rows of the campaigns of all accounts for the day, as known on another day. */
async function knownOn(today: string): Promise<readonly Json[]> {
  const found: Json[] = [];
  await withSandbox({ today }, async (sandbox: Sandbox) => {
    for (const id of sandbox.accountIds) {
      const time_range = { since: DAY, until: DAY };
      found.push(...(await rows(sandbox, `act_${id}`, { time_range, level: 'ad' })));
    }
  });
  return found;
}

function total(list: readonly Json[], value: (row: Json) => unknown): number {
  return list.reduce((sum, row) => sum + hundredths(value(row) ?? '0'), 0);
}

const purchases = (row: Json) => actionOf(row, 'omni_purchase');

describe('a past day', () => {
  test('is final when it is 28 days old', async () => {
    const settled = await knownOn('2026-03-10');
    expect(settled.length).toBeGreaterThan(20);
    expect(await knownOn('2026-04-11')).toEqual(settled);
  });

  test('is final at 28 days whichever day it is, and not before 28', () => {
    let early = 0;
    for (let index = 0; index < 20; index++) {
      const date = Temporal.PlainDate.from('2025-10-20').add({ days: index });
      const day = date.toString();
      const knownAt = (days: number) =>
        sandboxTruth({ today: date.add({ days }).toString(), since: day, until: day });
      expect(knownAt(28)).toEqual(knownAt(60));
      if (JSON.stringify(knownAt(20)) === JSON.stringify(knownAt(28))) early += 1;
    }
    expect(early).toBeLessThan(15);
  });

  test('gains conversions until then, and never loses any', async () => {
    const days = ['2026-02-10', '2026-02-11', '2026-02-14', '2026-02-20', '2026-03-09'];
    const counts: number[] = [];
    for (const today of days) counts.push(total(await knownOn(today), purchases));
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
    expect(new Set(counts).size).toBeGreaterThan(3);
  });

  test('has about half of its impressions on the day itself, and all of them after 3 days', async () => {
    const [first, third, later] = [
      await knownOn(DAY),
      await knownOn('2026-02-13'),
      await knownOn('2026-03-20'),
    ];
    const impressions = (list: readonly Json[]) => total(list, (row) => row.impressions);
    expect(impressions(first) / impressions(later)).toBeCloseTo(0.5, 1);
    expect(impressions(third)).toBe(impressions(later));
  });

  test('can lose a cent of spend between its second and its third day', async () => {
    const before = total(await knownOn('2026-02-12'), (row) => row.spend);
    const after = total(await knownOn('2026-02-13'), (row) => row.spend);
    expect(before).toBeGreaterThan(after);
    expect(before - after).toBeLessThan(20_000);
  });

  test('has no rows before it has begun', async () => {
    expect(await knownOn('2026-02-09')).toEqual([]);
  });

  test('can have a row without delivery, for a late conversion', async () => {
    await withSandbox({ today: '2026-03-20' }, async (sandbox) => {
      const time_range = { since: '2025-12-21', until: '2026-03-20' };
      const found = await rows(sandbox, `act_${sandbox.accountIds[0]}`, {
        time_range,
        level: 'campaign',
      });
      const late = found.filter((row) => row.impressions === '0');
      expect(late.length).toBeGreaterThan(0);
      for (const row of late) {
        expect(row).toMatchObject({ spend: '0', clicks: '0', reach: '0', frequency: '0' });
        expect(row).toHaveProperty('actions');
        expect(row).not.toHaveProperty('inline_link_clicks');
      }
    });
  });
});
