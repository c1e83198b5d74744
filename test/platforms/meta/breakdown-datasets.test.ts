import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sumOf } from '../../../src/decimal.ts';
import { listBatches } from '../../../src/landing/batch.ts';
import { datasetNamed } from '../../../src/platforms/meta/named.ts';
import { type Sandbox, startSandbox } from '../../../src/sandbox/index.ts';
import { pull } from '../../helpers/extract.ts';
import { keptLake } from '../../helpers/lake.ts';
import { stageAll } from '../../helpers/world.ts';

const LOS_ANGELES = '9020417583920611';
const BERLIN = '9134882067715423';
/** Clocks go back in Berlin on 25 October and in Los Angeles on 1 November 2026. */
const AUTUMN = { since: '2026-10-24', until: '2026-11-02' };
const PARTS = [
  'insights_ad_set_day',
  'insights_region_day',
  'insights_device_day',
  'insights_campaign_hour',
] as const;

type Row = Readonly<Record<string, string>>;

describe('the parts of a campaign day', () => {
  const lake = keptLake();
  let sandbox: Sandbox;

  beforeAll(async () => {
    sandbox = await startSandbox({ today: '2026-11-20' });
    const datasets = ['ad_accounts', 'insights_campaign_day', ...PARTS];
    const accounts = [LOS_ANGELES, BERLIN];
    await pull(sandbox, {
      lake,
      today: '2026-11-20',
      selection: { datasets, accounts, ...AUTUMN },
    });
    await stageAll(lake);
  });

  afterAll(() => sandbox.close());

  it.each(PARTS)('%s adds up to it, in spend, impressions and clicks', (name) => {
    expect(rowsOf(lake, name).length).toBeGreaterThan(100);
    expect(sums(rowsOf(lake, name))).toEqual(sums(rowsOf(lake, 'insights_campaign_day')));
  });

  it('are asked for hour by hour one day at a time, and else seven days at a time', () => {
    const spans = (name: string): readonly string[] =>
      listBatches(lake, datasetNamed(name), BERLIN).map(
        ({ scope }) => `${scope.since} ${scope.until}`,
      );
    expect([...spans('insights_campaign_hour')].sort()).toEqual(
      Array.from({ length: 10 }, (_, at) => {
        const day = at < 8 ? `2026-10-${24 + at}` : `2026-11-0${at - 7}`;
        return `${day} ${day}`;
      }),
    );
    expect(spans('insights_region_day').length).toBe(2);
  });

  it('have 24 hours on a day of 25: the hour that comes twice is one row', () => {
    for (const [account, day] of [
      [LOS_ANGELES, '2026-11-01'],
      [BERLIN, '2026-10-25'],
    ]) {
      const labels = labelsOf(lake, { account: account ?? '', day: day ?? '' });
      expect(labels.length).toBe(24);
      expect(labels[1]).toBe('01:00:00 - 01:59:59');
    }
  });

  it('have no conversions outside Meta by region and by hour, and say 0 of Meta’s own alone', () => {
    const bySource = (name: string): ReadonlySet<string> =>
      new Set(rowsOf(lake, name).map((row) => row.pixel_events ?? ''));
    expect([...bySource('insights_region_day')]).toEqual(['{}']);
    expect([...bySource('insights_campaign_hour')]).toEqual(['{}']);
    expect(bySource('insights_device_day').size).toBeGreaterThan(1);
    expect(bySource('insights_ad_set_day').size).toBeGreaterThan(1);
  });
});

describe('the day on which clocks go forward', () => {
  it('has 23 hours, without 02:00', async () => {
    const lake = keptSpring;
    const sandbox = await startSandbox({ today: '2026-03-16' });
    const selection = {
      datasets: ['ad_accounts', 'insights_campaign_hour'],
      accounts: [LOS_ANGELES],
      since: '2026-03-07',
      until: '2026-03-08',
    };
    await pull(sandbox, { lake, today: '2026-03-16', selection });
    await stageAll(lake);
    await sandbox.close();
    const at = (day: string) => labelsOf(lake, { account: LOS_ANGELES, day });
    expect(at('2026-03-07').length).toBe(24);
    expect(at('2026-03-08').length).toBe(23);
    expect(at('2026-03-08')).not.toContain('02:00:00 - 02:59:59');
  });
});

const keptSpring = keptLake();

function rowsOf(lake: { readonly home: string }, name: string): readonly Row[] {
  const folder = join(lake.home, 'zones', 'staging', 'meta', name);
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .flatMap((path) => parse(readFileSync(path), { columns: true }) as Row[]);
}

const FIGURES = ['spend', 'impressions', 'clicks'];

/** Sums by account, campaign and day, where there is something. */
function sums(rows: readonly Row[]): Readonly<Record<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>();
  for (const row of rows) {
    const key = [row.account_id, row.date, row.campaign_id].join(' ');
    const before = found.get(key) ?? [];
    found.set(
      key,
      FIGURES.map((name, at) => sumOf([before[at] ?? '0', row[name] ?? ''])),
    );
  }
  const some = [...found].filter(([, figures]) => figures.some((figure) => Number(figure) !== 0));
  return Object.fromEntries(some.sort());
}

function labelsOf(
  lake: { readonly home: string },
  at: { readonly account: string; readonly day: string },
): readonly string[] {
  const rows = rowsOf(lake, 'insights_campaign_hour').filter(
    (row) => row.account_id === at.account && row.date === at.day && row.hour_label !== '',
  );
  return [...new Set(rows.map((row) => row.hour_label ?? ''))].sort();
}
