import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { MODELS } from '../../src/model.ts';
import { closeIdle } from '../../src/workspace.ts';
import type { Lake } from '../../src/zone.ts';
import {
  curatedBytes,
  curator,
  type Making,
  putStaging,
  quiet,
  type StagingFiles,
  type StagingRow,
} from '../helpers/curated-lake.ts';
import { temporaryLake } from '../helpers/lake.ts';
import { isLong, tries } from '../helpers/long.ts';

const ACCOUNTS = ['1', '2'];
const MONTHS = ['2026-01', '2026-02', '2026-03'];
const DAYS = ['01', '15', '28'];
/** The tables that have a file for each month; the long form makes all. */
const BY_MONTH: Making = isLong
  ? {}
  : { tables: MODELS.flatMap(({ name, layout }) => (layout === 'partitions' ? [name] : [])) };
const NAMES = ['Spring', 'Autumn, renamed', null];

/** One thing that changes in staging between two runs. */
type Change =
  | {
      readonly kind: 'facts';
      readonly account: number;
      readonly month: number;
      readonly spend: number;
    }
  | { readonly kind: 'gone'; readonly account: number; readonly month: number }
  | { readonly kind: 'carried name'; readonly account: number; readonly month: number }
  | { readonly kind: 'campaign'; readonly account: number; readonly name: number }
  | { readonly kind: 'ad'; readonly account: number; readonly set: number }
  | { readonly kind: 'rate'; readonly day: number; readonly rate: number }
  | { readonly kind: 'account'; readonly account: number; readonly name: number }
  | { readonly kind: 'batch'; readonly account: number; readonly month: number };

const account = fc.nat({ max: 1 });
const month = fc.nat({ max: 2 });
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: fc.constant('facts' as const), account, month, spend: fc.nat({ max: 3 }) }),
  fc.record({ kind: fc.constant('gone' as const), account, month }),
  fc.record({ kind: fc.constant('carried name' as const), account, month }),
  fc.record({ kind: fc.constant('campaign' as const), account, name: fc.nat({ max: 2 }) }),
  fc.record({ kind: fc.constant('ad' as const), account, set: fc.nat({ max: 2 }) }),
  fc.record({
    kind: fc.constant('rate' as const),
    day: fc.nat({ max: 2 }),
    rate: fc.nat({ max: 2 }),
  }),
  fc.record({ kind: fc.constant('account' as const), account, name: fc.nat({ max: 2 }) }),
  fc.record({ kind: fc.constant('batch' as const), account, month }),
);

describe('curated tables that are made month by month', () => {
  afterAll(() => closeIdle());

  it('are, after any changes, the same bytes as if all were made anew', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 3, maxLength: 5 }), async (changes) => {
        const lake = temporaryLake();
        putStaging(lake, start());
        const run = curator(lake);
        await run(BY_MONTH);
        for (const one of changes) {
          apply(lake, one);
          await run(BY_MONTH);
        }
        expect(tablesOf(lake)).toEqual(await fromNothing(lake));
      }),
      { numRuns: tries(2, 25), seed: 7 },
    );
  }, 1_200_000);

  it('are written again only where a changed name, rate or row is looked up', async () => {
    const lake = temporaryLake();
    putStaging(lake, start());
    const run = curator(lake);
    await run(BY_MONTH);
    const written = async (one: Change): Promise<readonly string[]> => {
      apply(lake, one);
      const done = await run(BY_MONTH);
      return [...done]
        .filter(([name]) => name === 'campaign_day' || name === 'ad_day')
        .flatMap(([, { outputs }]) => outputs)
        .filter(({ changed }) => changed)
        .map(({ path }) => path.replace('zones/curated/metaads/', '').replace('.parquet', ''));
    };
    expect(await written({ kind: 'batch', account: 0, month: 2 })).toEqual([]);
    expect(await written({ kind: 'rate', day: 1, rate: 2 })).toEqual([
      'campaign_day/account_id=2/month=2026-02',
      'ad_day/account_id=2/month=2026-02',
    ]);
    expect(await written({ kind: 'campaign', account: 0, name: 1 })).toEqual(
      ['campaign_day', 'ad_day'].flatMap((name) =>
        MONTHS.map((each) => `${name}/account_id=1/month=${each}`),
      ),
    );
    expect(await written({ kind: 'facts', account: 0, month: 1, spend: 3 })).toEqual(
      ['campaign_day', 'ad_day'].flatMap((name) =>
        ['2026-02', '2026-03'].map((each) => `${name}/account_id=1/month=${each}`),
      ),
    );
  });

  it('are made anew from staging when cache/ is gone, and files that are the same are left alone', async () => {
    const lake = temporaryLake();
    putStaging(lake, start());
    await curator(lake)(BY_MONTH);
    const before = tablesOf(lake);
    rmSync(join(lake.home, 'cache'), { recursive: true });
    const done = await curator(lake)(BY_MONTH);
    expect(
      [...done.values()].flatMap(({ outputs }) => outputs).filter((one) => one.changed),
    ).toEqual([]);
    expect(tablesOf(lake)).toEqual(before);
  });

  it('take a month again whose file was changed by a run that did not finish', async () => {
    const lake = temporaryLake();
    putStaging(lake, start());
    const run = curator(lake);
    await run(BY_MONTH);
    const before = tablesOf(lake);
    apply(lake, { kind: 'facts', account: 1, month: 0, spend: 3 });
    await curator(lake)(BY_MONTH);
    apply(lake, { kind: 'facts', account: 1, month: 0, spend: 0 });
    apply(lake, { kind: 'batch', account: 0, month: 0 });
    await run(BY_MONTH);
    const other = await fromNothing(lake);
    expect(tablesOf(lake)).toEqual(other);
    expect([...before.keys()]).toEqual([...other.keys()]);
  });
});

/** Every curated file but the views, which say where the lake lies. */
function tablesOf(lake: Lake): ReadonlyMap<string, string> {
  return new Map([...curatedBytes(lake)].filter(([name]) => name !== 'views.sql'));
}

async function fromNothing(lake: Lake): Promise<ReadonlyMap<string, string>> {
  const other = temporaryLake();
  cpSync(join(lake.home, 'zones/staging'), join(other.home, 'zones/staging'), { recursive: true });
  await curator(other)(BY_MONTH);
  return tablesOf(other);
}

function start(): StagingFiles {
  const facts = ACCOUNTS.flatMap((_, at) =>
    MONTHS.map((_, index) => Object.entries(factsOf(at, index, { spend: 0, name: NAMES[0] }))),
  ).flat();
  return {
    ...Object.fromEntries(facts),
    'campaigns/1/all': [campaign(0, 0)],
    'ads/1/all': [],
    'fx_rates/all/all': [rate(0, 0), rate(1, 0), rate(2, 0)],
  };
}

/** Facts of an account and month at both levels; the ads of one do not say what they belong to. */
function factsOf(
  at: number,
  index: number,
  of: { readonly spend: number; readonly name: string | null | undefined },
): StagingFiles {
  const account_id = ACCOUNTS[at] ?? '';
  const place = `${account_id}/${MONTHS[index]}`;
  const base = { account_id, currency: at === 0 ? 'USD' : 'EUR', spend: `${of.spend}.5` };
  const rows = DAYS.map((day) => ({ ...base, date: `${MONTHS[index]}-${day}` }));
  return {
    [`insights_campaign_day/${place}`]: rows.map((row) =>
      quiet({ ...row, campaign_id: `${account_id}7`, campaign_name: of.name ?? null }),
    ),
    [`insights_ad_day/${place}`]: rows.map((row) =>
      quiet({ ...row, ad_id: `${account_id}9`, campaign_id: at === 0 ? '17' : null }),
    ),
  };
}

function apply(lake: Lake, change: Change): void {
  if (change.kind === 'facts') {
    putStaging(
      lake,
      factsOf(change.account, change.month, { spend: change.spend, name: NAMES[0] }),
    );
  }
  if (change.kind === 'carried name') {
    putStaging(lake, factsOf(change.account, change.month, { spend: 1, name: NAMES[1] }));
  }
  if (change.kind === 'gone') {
    const place = `${ACCOUNTS[change.account]}/${MONTHS[change.month]}`;
    putStaging(lake, { [`insights_campaign_day/${place}`]: [], [`insights_ad_day/${place}`]: [] });
  }
  if (change.kind === 'campaign') {
    const { account: at, name } = change;
    putStaging(lake, { [`campaigns/${ACCOUNTS[at]}/all`]: [campaign(at, name)] });
  }
  if (change.kind === 'ad') putAd(lake, change);
  if (change.kind === 'rate') {
    const rates = [0, 1, 2].map((day) => rate(day, day === change.day ? change.rate : 0));
    putStaging(lake, { 'fx_rates/all/all': rates });
  }
  if (change.kind === 'account') putAccount(lake, change);
  if (change.kind === 'batch') putBatch(lake, change);
}

function campaign(at: number, name: number): StagingRow {
  const account_id = ACCOUNTS[at] ?? '';
  return {
    account_id,
    campaign_id: `${account_id}7`,
    campaign_name: NAMES[name] ?? null,
    pulled_on: '2026-03-02',
  };
}

function putAd(lake: Lake, of: { readonly account: number; readonly set: number }): void {
  const account_id = ACCOUNTS[of.account] ?? '';
  const row = {
    account_id,
    ad_id: `${account_id}9`,
    ad_name: 'An ad',
    ad_set_id: `${account_id}8${of.set}`,
    campaign_id: `${account_id}7`,
    pulled_on: '2026-03-02',
  };
  putStaging(lake, { [`ads/${account_id}/all`]: of.set === 2 ? [] : [row] });
}

function rate(day: number, step: number): StagingRow {
  return { date: `${MONTHS[day]}-15`, currency: 'EUR', usd_per_unit: `1.${step + 1}` };
}

function putAccount(lake: Lake, of: { readonly account: number; readonly name: number }): void {
  const account_id = ACCOUNTS[of.account] ?? '';
  const row = {
    account_id,
    account_name: NAMES[of.name] ?? null,
    currency: of.account === 0 ? 'USD' : 'EUR',
    timezone_name: 'Europe/Berlin',
    pulled_on: '2026-03-02',
  };
  putStaging(lake, { [`ad_accounts/${account_id}/all`]: [row] });
}

function putBatch(lake: Lake, of: { readonly account: number; readonly month: number }): void {
  const account_id = ACCOUNTS[of.account] ?? '';
  const day = `${MONTHS[of.month]}-28`;
  const row = {
    account_id,
    batch_id: `${day.replaceAll('-', '')}T000000000Z-0`,
    dataset: 'insights_campaign_day',
    source: 'api',
    since: day,
    until: day,
    campaigns_kind: 'all',
    complete: true,
    today: day,
    landed_at: `${day}T00:00:00.000Z`,
    pages: 1,
    rows: 1,
  };
  putStaging(lake, { [`batches/${account_id}/all`]: [row] });
}
