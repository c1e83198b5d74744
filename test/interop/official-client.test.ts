import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Batch } from '../../src/landing/batch.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { allBatches, batchFile, pull, textsOf } from '../helpers/extract.ts';
import { keptLake } from '../helpers/lake.ts';
import {
  officialClient,
  type Sdk,
  type SdkError,
  type SdkParent,
  type SdkResponse,
  type SdkRun,
  walkToEnd,
} from './official-client.ts';

type Row = Readonly<Record<string, unknown>>;

const TODAY = '2026-11-20';
const WEEK = { since: '2026-11-13', until: '2026-11-19' };
const lake = keptLake();
let sandbox: Sandbox;
let sdk: Sdk;
let account: SdkParent;

beforeAll(async () => {
  sandbox = await startSandbox({ today: TODAY });
  await pull(sandbox, { lake, today: TODAY, firstPullDays: 7 });
  sdk = officialClient(sandbox);
  account = new sdk.AdAccount(`act_${sandbox.accountIds[0]}`);
});

afterAll(() => sandbox.close());

/** The request of a batch as the official client is asked it: objects and lists, no text. */
function requestOf(batch: Batch): {
  readonly path: string;
  readonly fields: readonly string[];
  readonly params: Row;
} {
  const { request } = batchFile(lake, batch) as { readonly request: Row };
  const { path, fields, ...params } = request;
  return { path: String(path), fields: (fields ?? []) as readonly string[], params };
}

const EDGES = {
  campaigns: 'getCampaigns',
  adsets: 'getAdSets',
  ads: 'getAds',
  adcreatives: 'getAdCreatives',
  adspixels: 'getAdsPixels',
  customaudiences: 'getCustomAudiences',
  customconversions: 'getCustomConversions',
  activities: 'getActivities',
  insights: 'getInsights',
} as const;

/** What the official client sees when it asks what a batch asked. */
async function seenBySdk(batch: Batch): Promise<readonly Row[]> {
  const { path, fields, params } = requestOf(batch);
  const [id = '', edge = ''] = path.split('/');
  const parent = new sdk.AdAccount(id);
  if (edge === '') return [(await parent.get(fields, params))._data];
  const getter = EDGES[edge as keyof typeof EDGES];
  return walkToEnd(parent[getter](fields, params));
}

/** Rows in one order, their keys too, so that two lists can be compared whole. */
function sorted(rows: readonly Row[]): readonly string[] {
  return rows.map((row) => JSON.stringify(ordered(row))).sort();
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, one]) => [name, ordered(one)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function landedBy(batch: Batch): readonly Row[] {
  return textsOf(lake, batch).map((text) => JSON.parse(text) as Row);
}

function isAskedOfAccount(batch: Batch): boolean {
  const edge = requestOf(batch).path.split('/')[1] ?? '';
  return batch.scope.campaigns.kind === 'all' && (edge === '' || edge in EDGES);
}

describe('Meta’s own client against the sandbox', () => {
  it('sees what this client lands, row for row, in every dataset', async () => {
    const batches = allBatches(lake, sandbox.accountIds).filter(isAskedOfAccount);
    const compared = new Map<string, number>();
    for (const batch of batches) {
      const seen = await seenBySdk(batch);
      expect(sorted(seen), `${batch.dataset} of ${batch.account_id}`).toEqual(
        sorted(landedBy(batch)),
      );
      compared.set(batch.dataset, (compared.get(batch.dataset) ?? 0) + seen.length);
    }
    expect(compared.size).toBeGreaterThanOrEqual(9);
    expect([...compared].filter(([, rows]) => rows === 0)).toEqual([]);
  });

  it('finds the accounts of its user', async () => {
    const mine = await walkToEnd(new sdk.User('me').getAdAccounts(['account_id', 'currency']));
    expect(mine.map((one) => one.account_id)).toEqual(sandbox.accountIds);
  });

  it('walks cursors forth to the end and back to the start', async () => {
    const params = { level: 'ad', time_range: WEEK, time_increment: 1, limit: 7 };
    const all = await walkToEnd(account.getInsights(['ad_id', 'spend'], { ...params, limit: 500 }));
    const cursor = await account.getInsights(['ad_id', 'spend'], params);
    expect(cursor.hasPrevious()).toBe(false);
    const forth = cursor.map((one) => one._data);
    let pages = 1;
    for (; cursor.hasNext(); pages++) forth.push(...(await cursor.next()).map((one) => one._data));
    expect(forth).toEqual(all);
    expect(pages).toBe(Math.ceil(all.length / 7));
    const back: Row[] = cursor.map((one) => one._data);
    while (cursor.hasPrevious()) {
      back.unshift(...(await cursor.previous()).map((one) => one._data));
    }
    expect(back).toEqual(all);
  });

  it('reads campaigns, ad sets, ads and creatives from above, below and by id', async () => {
    const [campaign] = await account.getCampaigns(['id', 'name'], { limit: 1 });
    const parent = new sdk.Campaign(campaign?.id ?? '');
    const sets = await walkToEnd(parent.getAdSets(['id', 'campaign_id']));
    expect(sets.length).toBeGreaterThan(0);
    expect(sets.every((one) => one.campaign_id === campaign?.id)).toBe(true);
    const set = new sdk.AdSet(String(sets[0]?.id));
    const [ad] = await walkToEnd(set.getAds(['id', 'adset_id', 'creative{id,name}']));
    expect(ad?.adset_id).toBe(sets[0]?.id);
    const creatives = await walkToEnd(new sdk.Ad(String(ad?.id)).getAdCreatives(['id', 'name']));
    expect(creatives[0]).toEqual(ad?.creative);
    const again = await new sdk.Campaign(campaign?.id ?? '').get(['name']);
    expect(again._data.name).toBe(campaign?._data.name);
  });

  it('gets the sum of all rows as the summary of a cursor', async () => {
    const params = { level: 'campaign', time_range: WEEK, summary: ['spend'], limit: 5 };
    const cursor = await account.getInsights(['campaign_id', 'spend'], params);
    const [total] = await walkToEnd(
      account.getInsights(['spend'], { level: 'account', time_range: WEEK }),
    );
    expect(cursor.summary?.spend).toBe(total?.spend);
  });
});

describe('an asynchronous report, ordered by Meta’s own client', () => {
  const fields = ['campaign_id', 'impressions', 'spend', 'actions'];
  const asked = { level: 'campaign', time_range: WEEK, time_increment: 1, limit: 50 };

  async function finished(run: SdkRun): Promise<readonly string[]> {
    const seen: string[] = [];
    for (let poll = 0; poll < 20; poll++) {
      await run.get(['async_status', 'async_percent_completion']);
      seen.push(`${run.async_status} ${run.async_percent_completion}`);
      if (/Completed|Failed|Skipped/.test(run.async_status)) return seen;
    }
    return seen;
  }

  it.each([
    ['without breakdowns', {}],
    ['by age and gender', { breakdowns: ['age', 'gender'] }],
    ['by place', { breakdowns: ['publisher_platform', 'platform_position'] }],
    ['by hour', { breakdowns: ['hourly_stats_aggregated_by_advertiser_time_zone'] }],
    ['by device of the action', { action_breakdowns: ['action_type', 'action_device'] }],
  ])('%s gives the rows of the synchronous one', async (_name, more) => {
    const params = { ...asked, ...more };
    const run = await account.getInsightsAsync(fields, { ...params });
    const seen = await finished(run);
    expect(seen.at(-1)).toBe('Job Completed 100');
    expect(seen[0]).toBe('Job Not Started 0');
    const rows = await walkToEnd(run.getInsights([], { limit: 50 }));
    expect(rows.length).toBeGreaterThan(50);
    expect(rows).toEqual(await walkToEnd(account.getInsights(fields, { ...params })));
  });
});

describe('a batch, sent by Meta’s own client', () => {
  function send(paths: readonly (readonly [readonly string[], object])[]): Promise<{
    readonly good: readonly SdkResponse[];
    readonly bad: readonly SdkResponse[];
    readonly rest: unknown;
  }> {
    const api = sdk.FacebookAdsApi.init(sandbox.token, 'en_US', false);
    const batch = new sdk.FacebookAdsApiBatch(api);
    const good: SdkResponse[] = [];
    const bad: SdkResponse[] = [];
    for (const [path, params] of paths) {
      batch.add(
        'GET',
        path,
        params,
        undefined,
        (response) => good.push(response),
        (response) => bad.push(response),
      );
    }
    return batch.execute().then((rest) => ({ good, bad, rest }));
  }

  it('of 50 objects answers each, and names the one that is not there', async () => {
    const ads = await walkToEnd(account.getAds(['id', 'name'], { limit: 500 }));
    const ids = ads.slice(0, 49).map((one) => String(one.id));
    const { good, bad, rest } = await send(
      [...ids, '120230000000000'].map((id) => [[id], { fields: ['id', 'name'].join(',') }]),
    );
    expect(rest).toBeNull();
    expect(good.map(({ body }) => body)).toEqual(ads.slice(0, ids.length));
    expect(bad).toHaveLength(1);
    expect(bad[0]?.error?.name).toBe('FacebookRequestError');
    expect(bad[0]?.body.error).toMatchObject({ code: 100, error_subcode: 33 });
  });

  it('of which entries were not run gives them back to be sent again', async () => {
    const faulty = await startSandbox({ today: TODAY, faultRates: { 'null-batch-entry': 0.5 } });
    const other = officialClient(faulty);
    const batch = new other.FacebookAdsApiBatch(
      other.FacebookAdsApi.init(faulty.token, 'en_US', false),
    );
    const names: unknown[] = [];
    for (const id of faulty.accountIds.flatMap((one) => [one, one, one])) {
      const keep = ({ body }: SdkResponse) => names.push(body.id);
      const params = { fields: 'id', locale: String(names.length) };
      batch.add('GET', [`act_${id}`], params, undefined, keep, keep);
    }
    let rounds = 0;
    for (let left: typeof batch | null = batch; left !== null; rounds++) {
      left = await left.execute();
    }
    expect(rounds).toBeGreaterThan(1);
    expect(names.toSorted()).toEqual(
      faulty.accountIds.flatMap((one) => Array(3).fill(`act_${one}`)).toSorted(),
    );
    await faulty.close();
    officialClient(sandbox);
  });
});

describe('errors, as Meta’s own client throws them', () => {
  async function thrown(asking: Promise<unknown>): Promise<SdkError> {
    return asking.then(
      () => Promise.reject(new Error('Nothing was thrown.')),
      (error: SdkError) => error,
    );
  }

  it.each([
    ['a field that does not exist', 400, 100, () => account.getCampaigns(['colour'])],
    ['an object that does not exist', 400, 100, () => new sdk.Campaign('1').get(['id'])],
    [
      'a start beyond 37 months',
      400,
      3018,
      () =>
        account.getInsights(['spend'], {
          time_range: { since: '2019-01-01', until: '2019-01-02' },
        }),
    ],
    ['a cursor of another list', 400, 2642, () => account.getAds(['id'], { after: 'MjQZD' })],
  ] as const)(
    '%s is a FacebookRequestError with status %i and code %i',
    async (_n, status, code, ask) => {
      const error = await thrown(ask());
      expect(error.name).toBe('FacebookRequestError');
      expect(error.status).toBe(status);
      expect(error.response).toMatchObject({ code, message: error.message });
      expect(typeof error.response?.fbtrace_id).toBe('string');
    },
  );

  it('a token that has expired, was revoked or may not read ads', async () => {
    const seen: unknown[] = [];
    for (const name of ['expired', 'revoked', 'unscoped'] as const) {
      const other = officialClient(sandbox, sandbox.tokens[name]);
      const error = await thrown(new other.AdAccount(account.id).get(['id']));
      seen.push([error.status, error.response?.code, error.response?.error_subcode]);
    }
    officialClient(sandbox);
    expect(seen).toEqual([
      [400, 190, 463],
      [400, 190, 460],
      [403, 200, undefined],
    ]);
  });

  it.each([
    ['rate-limit-account', 400, 80000],
    ['rate-limit-app', 403, 4],
    ['transient', 503, 2],
  ] as const)('the fault %s, with its code', async (fault, status, code) => {
    const faulty = await startSandbox({ today: TODAY, faultRates: { [fault]: 1 } });
    const other = officialClient(faulty);
    const error = await thrown(new other.AdAccount(account.id).getInsights(['spend']));
    expect([error.status, error.response?.code]).toEqual([status, code]);
    await faulty.close();
    officialClient(sandbox);
  });
});
