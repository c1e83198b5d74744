import { addDays } from '../../src/window.ts';
import { quiet, type StagingFiles, type StagingRow } from './curated-lake.ts';

/** A kind of data that a model must get right, as one account (two for mixed currencies) in a month of its own. */
export interface Case {
  readonly accounts: ReadonlyArray<{ readonly id: string; readonly currency: string }>;
  readonly first: string;
  readonly days: number;
  /** What is known of a day, counted from 0. */
  readonly day: (at: number) => StagingRow;
  /** How many days after the last one everything was asked for. */
  readonly askedAfter: number;
}

const USD = 'USD';
const SETTLED_AFTER = 40;

/** A day that is like any other: 10 spent, 1,000 impressions, 20 clicks, 2 purchases, 30 in return. */
const PLAIN: StagingRow = {
  spend: '10',
  impressions: 1000,
  clicks: 20,
  link_clicks: 20,
  purchases: '2',
  purchase_value: '30',
};

/** Every case, each in a month of 2026 that no other has. */
export const CASES = {
  'one day': {
    accounts: [{ id: '1', currency: USD }],
    first: '2026-01-10',
    days: 1,
    day: () => PLAIN,
    askedAfter: SETTLED_AFTER,
  },
  'zero spend': {
    accounts: [{ id: '2', currency: USD }],
    first: '2026-02-01',
    days: 28,
    day: () => ({ ...PLAIN, spend: '0' }),
    askedAfter: SETTLED_AFTER,
  },
  'zero clicks': {
    accounts: [{ id: '3', currency: USD }],
    first: '2026-03-01',
    days: 28,
    day: () => ({ ...PLAIN, clicks: 0, link_clicks: 0, purchases: '0', purchase_value: '0' }),
    askedAfter: SETTLED_AFTER,
  },
  // Spend of 9 brings 30, of 16 brings 40: 10 × √spend.
  'one campaign': {
    accounts: [{ id: '4', currency: USD }],
    first: '2026-04-01',
    days: 28,
    day: (at) =>
      at % 2 === 0
        ? { ...PLAIN, spend: '9', purchase_value: '30' }
        : { ...PLAIN, spend: '16', purchase_value: '40' },
    askedAfter: SETTLED_AFTER,
  },
  'mixed currencies': {
    accounts: [
      { id: '5', currency: USD },
      { id: '6', currency: 'EUR' },
    ],
    first: '2026-05-01',
    days: 28,
    day: () => PLAIN,
    askedAfter: SETTLED_AFTER,
  },
  'unsettled days only': {
    accounts: [{ id: '7', currency: USD }],
    first: '2026-06-01',
    days: 7,
    day: () => PLAIN,
    askedAfter: 1,
  },
} as const satisfies Readonly<Record<string, Case>>;

/** Name of a case. */
export type CaseName = keyof typeof CASES;

/** Staging rows of all cases: each account has one campaign (its id and a 0), ad set, ad, creative and order. */
export function caseFiles(): StagingFiles {
  const files = new Map<string, readonly StagingRow[]>([
    ['benchmarks/all/all', [BENCHMARK]],
    ['fx_rates/all/all', [...rates('2026-05-01', 28)]],
  ]);
  for (const one of Object.values<Case>(CASES)) {
    for (const account of one.accounts) {
      const own = {
        ...factFiles(one, account),
        ...entityFiles(one, account),
        ...internalFiles(one, account),
      };
      for (const [address, rows] of Object.entries(own)) {
        files.set(address, [...(files.get(address) ?? []), ...rows]);
      }
    }
  }
  return Object.fromEntries(files);
}

const BENCHMARK: StagingRow = {
  source: 'made up',
  industry: '',
  platform: '',
  objective: '',
  country: '',
  metric: 'ctr',
  currency: '',
  low: '0.01',
  median: '0.016',
  high: '0.03',
};

/** A euro is 1.25 dollars on every day. */
function rates(first: string, days: number): readonly StagingRow[] {
  return Array.from({ length: days }, (_, at) => ({
    date: addDays(first, at),
    currency: 'EUR',
    usd_per_unit: '1.25',
  }));
}

type Account = Case['accounts'][number];

function lastOf({ first, days }: Case): string {
  return addDays(first, days - 1);
}

function askedOn(one: Case): string {
  return addDays(lastOf(one), one.askedAfter);
}

function daysOf(one: Case, { id, currency }: Account, more: StagingRow): readonly StagingRow[] {
  return Array.from({ length: one.days }, (_, at) =>
    quiet({
      account_id: id,
      currency,
      pulled_on: askedOn(one),
      attribution_setting: '7d_click',
      purchases_source: 'omni_purchase',
      purchase_value_source: 'omni_purchase',
      ...one.day(at),
      ...more,
      date: addDays(one.first, at),
    }),
  );
}

/** Days at every level, which agree with each other, and the versions in which the campaign's came. */
function factFiles(one: Case, account: Account): StagingFiles {
  const { id, currency } = account;
  const month = one.first.slice(0, 7);
  const campaign = { campaign_id: `${id}0`, campaign_name: `Campaign ${id}0` };
  const days = (more: StagingRow) => daysOf(one, account, more);
  return {
    [`insights_campaign_day/${id}/${month}`]: days({ ...campaign, objective: 'OUTCOME_SALES' }),
    [`insights_account_day/${id}/${month}`]: days({}),
    [`insights_ad_day/${id}/${month}`]: days({ ...campaign, ad_set_id: `${id}1`, ad_id: `${id}2` }),
    [`insights_country_day/${id}/${month}`]: days({ ...campaign, country: 'DE' }),
    [`campaign_day_versions/${id}/${month}`]: days({}).map((row, at) => ({
      ...pick(row, ['date', 'spend', 'impressions', 'clicks', 'purchases', 'purchase_value']),
      account_id: id,
      campaign_id: `${id}0`,
      batch_id: `b${id}`,
      known_on: askedOn(one),
      landed_at: `${askedOn(one)}T06:00:00.000Z`,
      page: 1,
      row: at + 1,
      state: 'known',
      currency,
    })),
    [`batches/${id}/all`]: [
      {
        account_id: id,
        batch_id: `b${id}`,
        dataset: 'insights_campaign_day',
        source: 'api',
        since: one.first,
        until: lastOf(one),
        campaigns_kind: 'all',
        complete: true,
        today: askedOn(one),
        landed_at: `${askedOn(one)}T06:00:00.000Z`,
        timezone: 'UTC',
        currency,
        pages: 1,
        rows: one.days,
      },
    ],
  };
}

function pick(row: StagingRow, names: readonly string[]): StagingRow {
  return Object.fromEntries(names.map((name) => [name, row[name] ?? null]));
}

function entityFiles(one: Case, { id, currency }: Account): StagingFiles {
  const own = { account_id: id, pulled_on: askedOn(one) };
  const running = { status: 'ACTIVE', effective_status: 'ACTIVE' };
  const set = { campaign_id: `${id}0`, ad_set_id: `${id}1` };
  return {
    [`ad_accounts/${id}/all`]: [
      { ...own, currency, account_name: `Account ${id}`, timezone_name: 'UTC' },
    ],
    [`campaigns/${id}/all`]: [
      {
        ...own,
        ...running,
        currency,
        campaign_id: `${id}0`,
        campaign_name: `Campaign ${id}0`,
        objective: 'OUTCOME_SALES',
        daily_budget: '12',
      },
    ],
    [`ad_sets/${id}/all`]: [{ ...own, ...running, ...set, currency, ad_set_name: `Set ${id}1` }],
    [`ads/${id}/all`]: [
      { ...own, ...running, ...set, ad_id: `${id}2`, ad_name: `Ad ${id}2`, creative_id: `${id}3` },
    ],
    [`ad_creatives/${id}/all`]: [{ ...own, creative_id: `${id}3`, creative_name: 'Red' }],
  };
}

/** An order of 50 on the last day, after a contact on it, and a prediction of the day: ROAS 2, CTR 2 %. */
function internalFiles(one: Case, { id, currency }: Account): StagingFiles {
  const own = { source: 'made up', day: lastOf(one), timezone: 'UTC', batch_id: 'b' };
  const known = { ...own, pulled_on: askedOn(one) };
  const month = one.first.slice(0, 7);
  return {
    [`orders/all/${month}`]: [
      {
        ...known,
        order_id: id,
        ordered_at: `${lastOf(one)}T12:00:00.000Z`,
        amount: '50',
        currency,
        customer_key: `person ${id}`,
        customer_type: 'new',
        is_sold: true,
        campaign_id: `${id}0`,
      },
    ],
    [`touchpoints/all/${month}`]: [
      {
        ...known,
        person_key: `person ${id}`,
        touched_at: `${lastOf(one)}T09:00:00.000Z`,
        channel: 'Social',
        campaign_id: `${id}0`,
      },
    ],
    'predictions/all/all': [
      {
        ...known,
        prediction_id: `p${id}`,
        campaign_id: `${id}0`,
        predicted_roas: '2',
        predicted_ctr: '0.02',
      },
    ],
  };
}
