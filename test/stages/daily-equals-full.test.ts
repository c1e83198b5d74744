import { afterEach, describe, expect, it } from 'vitest';
import { type Batch, listBatches } from '../../src/landing/batch.ts';
import { datasetNamed } from '../../src/platforms/meta/named.ts';
import { turnOf } from '../../src/platforms/meta/weekly.ts';
import { ACCOUNTS } from '../../src/sandbox/account.ts';
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
const AGE_GENDER_DAY = 'insights_age_gender_day';
/** Spend and impressions of a day do not move after three days in the sandbox. */
const DELIVERY_SETTLES_DAYS = 3;

/** The sandbox's second account: of its details those by age, region and place alone fill more than two pages. */
const SMALLEST = 2;

const LARGEST = 0;

/** Those by country are few enough for all of the lookback to be asked for daily, those by age are not. */
const DETAILS = [CAMPAIGN_DAY, AGE_GENDER_DAY, COUNTRY_DAY];

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
    /** Which of the sandbox's accounts, the largest first. */
    readonly account: number;
  },
): Promise<string> {
  const sandbox = await startSandbox({ today });
  open.push(sandbox);
  const accountId = sandbox.accountIds[what.account] ?? '';
  const datasets = ['campaigns', ...what.facts];
  const selection = { accounts: [accountId], datasets };
  const { firstPullDays } = what;
  const summary = await pull(sandbox, { lake, today, selection, firstPullDays });
  expect(summary.accounts[0]?.error).toBeUndefined();
  await open.pop()?.close();
  return accountId;
}

/** Pulls on each of the days with the filter, and all at once on the last of them in another lake. */
async function twoLakes(
  offsets: readonly number[],
  facts: readonly string[],
): Promise<{ daily: Lake; full: Lake; accountId: string; today: string }> {
  const daily = temporaryLake();
  const full = temporaryLake();
  for (const offset of offsets) {
    await pullOn(daily, addDays(FIRST, offset), { firstPullDays: 60, facts, account: LARGEST });
  }
  const last = offsets.at(-1) ?? 0;
  const today = addDays(FIRST, last);
  const accountId = await pullOn(full, today, {
    ...{ firstPullDays: 60 + last, facts, account: LARGEST },
  });
  return { daily, full, accountId, today };
}

/** How many days back the answers of a day reach. */
function reachOn(
  of: { readonly lake: Lake; readonly accountId: string; readonly name: string },
  today: string,
): number {
  const batches = listBatches(of.lake, datasetNamed(of.name), of.accountId);
  const since = batches.filter((one) => one.today === today).map(({ scope }) => scope.since);
  return daysBetween(since.sort()[0] ?? today, today);
}

/** A turn of a dataset in the week after a day. */
function turnAfter(day: string, of: { readonly accountId: string; readonly name: string }): string {
  const config = { detailDays: 7, lookbackDays: 28, enableActivityFiltering: true };
  const scope = { config, accountId: of.accountId, today: addDays(day, 7) };
  return turnOf(scope, datasetNamed(of.name)) ?? '';
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

/** Days of runs, and what they pull. */
interface Series {
  readonly what: string;
  readonly offsets: readonly number[];
  readonly facts: readonly string[];
}

describe('daily runs with idle campaigns left out equal one full pull', () => {
  const series: readonly Series[] = [
    { what: 'on ten days in a row', offsets: daysInARow(10), facts: DETAILS },
    { what: 'with pauses of days and weeks', offsets: WITH_PAUSES, facts: [CAMPAIGN_DAY] },
  ];
  const longer: readonly Series[] = [
    {
      what: 'on ten days in a row, for ads',
      offsets: daysInARow(10),
      facts: [CAMPAIGN_DAY, AD_DAY],
    },
    {
      what: 'on forty-six days in a row',
      offsets: daysInARow(46),
      facts: [CAMPAIGN_DAY, COUNTRY_DAY],
    },
    { what: 'with pauses, for ads', offsets: WITH_PAUSES, facts: [CAMPAIGN_DAY, AD_DAY] },
  ];
  it.each([...series, ...(isLong ? longer : [])].map((one) => [one.what, one] as const))(
    '%s, in every row that is settled or in scope',
    async (_, { offsets, facts }) => {
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
        const waits = name === AGE_GENDER_DAY;
        expect(compared, name).toBeGreaterThan(waits ? settledLater : settledLater * 10);
        if (!facts.includes(AGE_GENDER_DAY)) continue;
        const reaches = offsets
          .slice(1)
          .map((offset) => reachOn({ ...lakes, lake: lakes.daily, name }, addDays(FIRST, offset)));
        expect(
          reaches.some((reach) => reach < 28),
          `${name} waits`,
        ).toBe(waits);
      }
    },
    180_000,
  );

  it('on the day of details that wait, and on the first after it when that day had no run', async () => {
    const daily = temporaryLake();
    const run = { firstPullDays: 40, facts: [AGE_GENDER_DAY], account: SMALLEST };
    const accountId = ACCOUNTS[SMALLEST]?.id ?? '';
    const of = { lake: daily, accountId, name: AGE_GENDER_DAY };
    const turn = turnAfter(FIRST, of);
    const first = addDays(turn, -3);
    await pullOn(daily, first, run);
    const reached: number[] = [];
    for (const today of [-1, 0, 3, 8, 9].map((days) => addDays(turn, days))) {
      await pullOn(daily, today, run);
      const reach = reachOn(of, today);
      reached.push(reach);
      if (reach < 28) continue;
      const full = temporaryLake();
      await pullOn(full, today, { ...run, firstPullDays: 40 + daysBetween(first, today) });
      const { missing, differing, deliveryDiffering, settledLater } = compare(AGE_GENDER_DAY, {
        ...{ daily, full, accountId, today },
      });
      expect({ missing, differing, deliveryDiffering, settledLater }, today).toEqual({
        ...{ missing: [], differing: [], deliveryDiffering: [], settledLater: 0 },
      });
    }
    expect(reached.map((reach) => reach >= 28)).toEqual([false, true, false, true, false]);
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
