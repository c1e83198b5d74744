import { afterEach, describe, expect, it } from 'vitest';
import { listBatches } from '../../src/landing/batch.ts';
import { datasetNamed } from '../../src/platforms/meta/named.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import type { Lake } from '../../src/zone.ts';
import { foldLanding, type KnownRow, pull } from '../helpers/extract.ts';
import { temporaryLake } from '../helpers/lake.ts';
import { type Poison, poisonedApi } from '../helpers/poisoned-api.ts';

const TODAY = '2026-03-15';
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function open(): Promise<Sandbox> {
  const sandbox = await startSandbox({ today: TODAY });
  closers.push(() => sandbox.close());
  return sandbox;
}

/** What is known of one dataset after a pull of a few days, with all objects listed before. */
async function known(
  source: Sandbox,
  name: string,
  lake: Lake = temporaryLake(),
): Promise<{ readonly lake: Lake; readonly rows: Map<string, KnownRow>; readonly gaps: number }> {
  const [accountId = ''] = source.accountIds;
  const datasets = ['campaigns', 'ad_sets', 'ads', name];
  const selection = { accounts: [accountId], datasets };
  const summary = await pull(source, { lake, today: TODAY, firstPullDays: 4, selection });
  expect(summary.accounts.map(({ error }) => error)).toEqual([undefined]);
  const gaps = summary.accounts.reduce((sum, account) => sum + account.gaps.length, 0);
  return { lake, rows: foldLanding(lake, name, accountId), gaps };
}

async function poisoned(sandbox: Sandbox, poison: Poison) {
  const api = await poisonedApi(sandbox, poison);
  closers.push(api.close);
  return api as unknown as Sandbox & { readonly asked: readonly unknown[] };
}

describe('an answer that is too large', () => {
  it.each([
    ['insights_ad_day', 8],
    ['insights_placement_day', 30],
  ])(
    'is had in parts, and no row is lost or comes twice: %s, %i rows at most',
    async (name, most) => {
      const sandbox = await open();
      const expected = await known(sandbox, name);
      const api = await poisoned(sandbox, { row: () => false, most });
      const found = await known(api, name);
      expect(found.gaps).toBe(0);
      expect([...found.rows].toSorted()).toEqual([...expected.rows].toSorted());
      const batches = listBatches(found.lake, datasetNamed(name), sandbox.accountIds[0] ?? '');
      const landed = batches
        .flatMap(({ pages }) => pages)
        .reduce((sum, page) => sum + (page.rows ?? 0), 0);
      expect(landed).toBe(expected.rows.size);
      expect(batches.length).toBe(4);
      expect(batches.some(({ pages }) => pages.length > 1)).toBe(true);
      expect(batches.every(({ scope }) => scope.missing === undefined)).toBe(true);
    },
  );

  it('of a single ad that cannot be had even alone leaves out that ad, names it, and brings the rest', async () => {
    const sandbox = await open();
    const name = 'insights_ad_day';
    const expected = await known(sandbox, name);
    const victim = [...expected.rows.values()][40]?.record;
    const isVictim = (row: Readonly<Record<string, unknown>>): boolean =>
      row.ad_id === victim?.ad_id && row.date_start === victim?.date_start;
    const api = await poisoned(sandbox, { row: isVictim });
    const found = await known(api, name);
    const rest = [...expected.rows].filter(([, { record }]) => !isVictim(record));
    expect(expected.rows.size - rest.length).toBe(1);
    expect([...found.rows].toSorted()).toEqual(rest.toSorted());
    expect(found.gaps).toBe(1);
    const missing = listBatches(
      found.lake,
      datasetNamed(name),
      sandbox.accountIds[0] ?? '',
    ).flatMap(({ scope }) => scope.missing ?? []);
    expect(missing).toMatchObject([
      {
        campaigns: { kind: 'in', ids: [victim?.campaign_id] },
        ad_sets: { kind: 'in', ids: [victim?.adset_id] },
        ads: { kind: 'in', ids: [victim?.ad_id] },
        fields: null,
        why: '(#100) Too much data was requested',
      },
    ]);
    expect(api.asked.length).toBeLessThan(60);

    const healed = await known(sandbox, name, found.lake);
    expect([...healed.rows].toSorted()).toEqual([...expected.rows].toSorted());
    expect(healed.gaps).toBe(0);
  });

  it('for a field brings the rows without it, says so in them, and all else to the letter', async () => {
    const sandbox = await open();
    const name = 'insights_campaign_day';
    const expected = await known(sandbox, name);
    const victim = [...expected.rows.values()].find(({ record }) => 'actions' in record)?.record;
    const isVictim = (row: Readonly<Record<string, unknown>>): boolean =>
      row.campaign_id === victim?.campaign_id && row.date_start === victim?.date_start;
    const api = await poisoned(sandbox, { row: isVictim, field: 'actions' });
    const found = await known(api, name);
    expect(found.gaps).toBe(1);
    expect([...found.rows.keys()].toSorted()).toEqual([...expected.rows.keys()].toSorted());
    for (const [key, { record, text }] of expected.rows) {
      const came = found.rows.get(key);
      if (!isVictim(record)) expect(came?.text).toBe(text);
      else {
        const { actions: _, ...others } = record;
        expect(came?.record).toEqual({ ...others, _degraded: 'actions' });
      }
    }
  });
});
