import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../src/sandbox/index.ts';
import { addDays, daysBetween, SETTLEMENT_DAYS } from '../src/window.ts';
import type { Lake } from '../src/zone.ts';
import { pull } from './helpers/extract.ts';
import { keptLake } from './helpers/lake.ts';
import { pullAndRun, rowsOf } from './helpers/world.ts';

const first = '2026-10-05';
const last = addDays(first, 9);
const historyDays = 40;
const daily = keptLake();
const whole = keptLake();
const sandboxes: Sandbox[] = [];
type Row = Readonly<Record<string, unknown>>;
let lines: { readonly daily: ReadonlyMap<string, Row>; readonly whole: ReadonlyMap<string, Row> };
let leftOut = 0;

const SELECTION = {
  datasets: ['ad_accounts', 'campaigns', 'insights_campaign_day'],
};

async function sandboxOf(today: string): Promise<Sandbox> {
  const sandbox = await startSandbox({ today });
  sandboxes.push(sandbox);
  return sandbox;
}

async function factsOf(lake: Lake): Promise<ReadonlyMap<string, Row>> {
  const rows = await rowsOf(
    lake,
    `select * from campaign_day where date >= '${addDays(first, -historyDays)}'`,
  );
  return new Map(rows.map((row) => [`${row.account_id} ${row.campaign_id} ${row.date}`, row]));
}

beforeAll(async () => {
  for (let today = first; today <= last; today = addDays(today, 1)) {
    const sandbox = await sandboxOf(today);
    const sketch = { lake: daily, today, firstPullDays: historyDays, selection: SELECTION };
    if (today === last) await pullAndRun(sandbox, sketch, ['campaign_day']);
    else {
      const summary = await pull(sandbox, sketch);
      leftOut += summary.accounts.reduce((sum, one) => sum + one.campaignsLeftOut, 0);
    }
  }
  const sketch = {
    lake: whole,
    today: last,
    firstPullDays: historyDays + 9,
    selection: SELECTION,
    settings: { enableActivityFiltering: false },
  };
  await pullAndRun(await sandboxOf(last), sketch, ['campaign_day']);
  lines = { daily: await factsOf(daily), whole: await factsOf(whole) };
}, 240_000);

afterAll(async () => {
  await Promise.all(sandboxes.map((sandbox) => sandbox.close()));
});

function figures(row: Row): Row {
  const { pulled_on: _pulled, is_settled: _settled, ...rest } = row;
  const window = Object.keys(rest).filter(
    (name) => name.includes('_28d') && !name.startsWith('conversions_28d_'),
  );
  return Object.fromEntries(Object.entries(rest).filter(([name]) => !window.includes(name)));
}

describe('ten daily runs with the activity filter, against one full pull on the tenth day', () => {
  it('leave campaigns out, or this test would say nothing', () => {
    expect(leftOut).toBeGreaterThan(0);
    expect(lines.daily.size).toBeGreaterThan(300);
  });

  it('agree in every row that is settled or was asked for on the last day', () => {
    for (const [key, row] of lines.daily) {
      if (row.is_settled !== true && row.pulled_on !== last) continue;
      expect(figures(lines.whole.get(key) ?? {}), key).toEqual(figures(row));
    }
  });

  it('lose no row of a campaign that was left out', () => {
    const missing = [...lines.whole].filter(([key]) => !lines.daily.has(key));
    for (const [key, row] of missing) {
      const isOpen = daysBetween(String(row.date), last) < SETTLEMENT_DAYS;
      const isLate = row.impressions === '0' || row.impressions === 0;
      expect(isOpen && isLate, key).toBe(true);
    }
    for (const key of lines.daily.keys()) expect(lines.whole.has(key), key).toBe(true);
  });
});
