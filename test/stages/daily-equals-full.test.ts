import { afterEach, describe, expect, it } from 'vitest';
import type { MetaConfig } from '../../src/config.ts';
import { type Batch, listBatches } from '../../src/landing/batch.ts';
import { datasetNamed } from '../../src/platforms/meta/named.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { addDays, daysBetween, isSettled } from '../../src/window.ts';
import type { Lake } from '../../src/zone.ts';
import { foldLanding, type KnownRow, pull, speaksOf } from '../helpers/extract.ts';
import { temporaryLake } from '../helpers/lake.ts';
import { isLong } from '../helpers/long.ts';

const FIRST = '2026-03-01';
const CAMPAIGN_DAY = 'insights_campaign_day';
const COUNTRY_DAY = 'insights_country_day';
const AD_DAY = 'insights_ad_day';
/** Spend and impressions of a day do not move after three days in the sandbox. */
const DELIVERY_SETTLES_DAYS = 3;

const WITH_PAUSES = [0, 1, 2, 5, 6, 20, 21, 22, 45, 46, 60];

function daysInARow(length: number): readonly number[] {
  return Array.from({ length }, (_, day) => day);
}

const open: Sandbox[] = [];
afterEach(async () => {
  for (const sandbox of open.splice(0)) await sandbox.close();
});

async function pullOn(
  lake: Lake,
  today: string,
  what: {
    readonly firstPullDays: number;
    readonly facts: readonly string[];
    readonly settings?: Partial<MetaConfig>;
  },
): Promise<string> {
  const sandbox = await startSandbox({ today });
  open.push(sandbox);
  const accountId = sandbox.accountIds[0] ?? '';
  const datasets = ['campaigns', ...what.facts];
  const selection = { accounts: [accountId], datasets };
  const { firstPullDays, settings = {} } = what;
  const summary = await pull(sandbox, { lake, today, selection, firstPullDays, settings });
  expect(summary.accounts[0]?.error).toBeUndefined();
  await open.pop()?.close();
  return accountId;
}

/** Pulls on each of the days with the filter, and all at once on the last of them in another lake. */
async function twoLakes(
  offsets: readonly number[],
  facts: readonly string[],
  settings: Partial<MetaConfig> = {},
): Promise<{ daily: Lake; full: Lake; accountId: string; today: string }> {
  const daily = temporaryLake();
  const full = temporaryLake();
  for (const offset of offsets) {
    await pullOn(daily, addDays(FIRST, offset), { firstPullDays: 60, facts, settings });
  }
  const last = offsets.at(-1) ?? 0;
  const today = addDays(FIRST, last);
  const accountId = await pullOn(full, today, { firstPullDays: 60 + last, facts });
  return { daily, full, accountId, today };
}

/** The newest day on which an answer spoke of the row. */
function askedOn(batches: readonly Batch[], row: KnownRow): string {
  const days = batches.filter((batch) => speaksOf(batch, row.record)).map(({ today }) => today);
  return days.sort().at(-1) ?? '';
}

interface Comparison {
  readonly missing: readonly string[];
  readonly differing: readonly string[];
  readonly deliveryDiffering: readonly string[];
  readonly compared: number;
  readonly settledLater: number;
}

function compare(
  name: string,
  lakes: { daily: Lake; full: Lake; accountId: string; today: string },
): Comparison {
  const daily = foldLanding(lakes.daily, name, lakes.accountId);
  const full = foldLanding(lakes.full, name, lakes.accountId);
  const batches = listBatches(lakes.daily, datasetNamed(name), lakes.accountId);
  const found = { missing: [], differing: [], deliveryDiffering: [] } as {
    missing: string[];
    differing: string[];
    deliveryDiffering: string[];
  };
  let compared = 0;
  let settledLater = 0;
  for (const key of new Set([...daily.keys(), ...full.keys()])) {
    const [mine, theirs] = [daily.get(key), full.get(key)];
    const row = theirs ?? mine;
    if (row === undefined) continue;
    const asked = askedOn(batches, row);
    const day = String(row.record.date_start);
    const isFinal = asked !== '' && (asked === lakes.today || isSettled(day, asked));
    if (isFinal) compared++;
    else settledLater++;
    if (isFinal && mine?.text !== theirs?.text) found.differing.push(`${day} ${key}`);
    const delivered = Number(theirs?.record.impressions ?? 0) > 0;
    if (delivered && mine === undefined) found.missing.push(`${day} ${key}`);
    const isOld = asked !== '' && daysBetween(day, asked) > DELIVERY_SETTLES_DAYS;
    const isEqual =
      mine?.record.spend === theirs?.record.spend &&
      mine?.record.impressions === theirs?.record.impressions;
    if (delivered && isOld && !isEqual) found.deliveryDiffering.push(`${day} ${key}`);
  }
  return { ...found, compared, settledLater };
}

describe('daily runs with idle campaigns left out equal one full pull', () => {
  const series: ReadonlyArray<readonly [string, readonly number[], readonly string[]]> = [
    ['on ten days in a row', daysInARow(10), [CAMPAIGN_DAY, COUNTRY_DAY, AD_DAY]],
    ['with pauses of days and weeks', WITH_PAUSES, [CAMPAIGN_DAY]],
  ];
  const longer: typeof series = [
    ['on forty-six days in a row', daysInARow(46), [CAMPAIGN_DAY, COUNTRY_DAY]],
    ['with pauses, for ads', WITH_PAUSES, [CAMPAIGN_DAY, AD_DAY]],
  ];
  it.each([...series, ...(isLong ? longer : [])])(
    '%s, in every row that is settled or in scope',
    async (_, offsets, facts) => {
      const lakes = await twoLakes(offsets, facts);
      const last = datasetNamed(facts.at(-1) ?? '');
      const scopes = listBatches(lakes.daily, last, lakes.accountId);
      const kinds = new Set(scopes.map(({ scope }) => scope.campaigns.kind));
      expect(kinds, 'the filter was at work').toContain('not_in');
      expect(kinds, 'campaigns were asked for by name').toContain('in');
      for (const name of facts) {
        const { missing, differing, deliveryDiffering, compared, settledLater } = compare(
          name,
          lakes,
        );
        expect({ name, missing, differing, deliveryDiffering }).toEqual({
          name,
          missing: [],
          differing: [],
          deliveryDiffering: [],
        });
        expect(compared).toBeGreaterThan(settledLater * 10);
      }
    },
    180_000,
  );

  it('with old details asked for weekly: what was asked for is right, and no delivery is missing', async () => {
    const facts = [CAMPAIGN_DAY, COUNTRY_DAY];
    const lakes = await twoLakes([0, 3, 7], facts, { detailDays: 7 });
    const details = listBatches(lakes.daily, datasetNamed(COUNTRY_DAY), lakes.accountId);
    const reachOn = (offset: number): number => {
      const today = addDays(FIRST, offset);
      const since = details.filter((one) => one.today === today).map(({ scope }) => scope.since);
      return daysBetween(since.sort()[0] ?? today, today);
    };
    expect([reachOn(0), reachOn(3)], 'the first pull, and a turn').toEqual([60, 30]);
    expect(reachOn(7), 'most of the lookback waits').toBeLessThan(14);
    for (const name of facts) {
      const found = compare(name, lakes);
      const { missing, differing, deliveryDiffering, compared } = found;
      expect({ name, missing, differing, deliveryDiffering }).toEqual({
        name,
        missing: [],
        differing: [],
        deliveryDiffering: [],
      });
      expect(compared).toBeGreaterThan(100);
    }
  }, 180_000);

  it('with one cheap request a day that looks for those who deliver again', async () => {
    const { daily, accountId } = await twoLakes([0, 1, 2], [CAMPAIGN_DAY]);
    const probes = listBatches(daily, datasetNamed(CAMPAIGN_DAY), accountId)
      .filter(({ scope }) => scope.campaigns.kind === 'in')
      .map(({ today, scope }) => [today, scope.since, scope.until]);
    expect(probes).toEqual([
      ['2026-03-02', '2026-02-22', '2026-03-01'],
      ['2026-03-03', '2026-02-23', '2026-03-02'],
    ]);
  });
});
