import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sumOf } from '../src/decimal.ts';
import type { StageReport } from '../src/run.ts';
import { type Sandbox, sandboxTruth, startSandbox, type TruthRow } from '../src/sandbox/index.ts';
import { addsUp } from '../src/stage.ts';
import { keptLake } from './helpers/lake.ts';
import { recipesIn, sectionOf } from './helpers/readme.ts';
import { pullAndRun, rowsOf } from './helpers/world.ts';

/** What each query must answer with: its columns, and how many rows of the sandbox's three accounts. */
const ANSWERS = [
  { number: 1, columns: 'account_name currency spend purchase_value roas', rows: 3 },
  { number: 2, columns: 'campaign_name currency spend purchase_value roas', rows: 10 },
  {
    number: 3,
    columns: 'ad_name ad_set_name campaign_name objective currency spend link_clicks add_to_cart',
    rows: 5,
  },
  { number: 4, columns: 'account_name date spend_28d purchase_value_28d roas_28d', rows: 129 },
  {
    number: 5,
    columns: 'account_name currency is_settled first_day last_day days spend conversions',
    rows: 6,
  },
  {
    number: 6,
    columns:
      'campaign_name attribution_setting by_setting click_1d click_7d click_28d view_1d engaged_view_1d',
    rows: 10,
  },
  { number: 7, columns: 'campaign_name currency spend leads cost_per_lead', rows: 2 },
  { number: 8, columns: 'account_name currency weekday days spend_per_day roas', rows: 21 },
  { number: 9, columns: 'account_name currency age campaigns spend roas', rows: 5 },
  { number: 10, columns: 'currency spend spend_usd purchase_value_usd rows_without_rate', rows: 4 },
] as const;

type Row = Readonly<Record<string, unknown>>;

const today = '2026-11-20';
const window = { since: '2026-10-08', until: '2026-11-19' };
const lake = keptLake();
let sandbox: Sandbox;
let reports: readonly StageReport[];
let truth: readonly TruthRow[];

beforeAll(async () => {
  sandbox = await startSandbox({ today });
  reports = await pullAndRun(sandbox, { lake, today, firstPullDays: 43 });
  truth = sandboxTruth({ today, ...window });
});

afterAll(() => sandbox.close());

describe('the lake against the sandbox’s own truth', () => {
  it('agrees exactly, per campaign and day, in spend, impressions, clicks, purchases and value', async () => {
    const rows = await rowsOf(
      lake,
      `select account_id, campaign_id, date::varchar as date, currency, spend::varchar as spend,
        impressions::varchar as impressions, clicks::varchar as clicks,
        conversions::varchar as purchases, purchase_value::varchar as purchase_value
      from campaign_day order by account_id, date, campaign_id`,
    );
    expect(rows.length).toBeGreaterThan(300);
    expect(rows.map(canonical)).toEqual(truth.map(canonical));
  });

  it('agrees in the sum of the ads', async () => {
    const rows = await rowsOf(
      lake,
      `select campaign_id, date::varchar as date, sum(spend)::varchar as spend, sum(conversions)::varchar as purchases
      from ad_day group by campaign_id, date order by date, campaign_id`,
    );
    const expected = [...truth]
      .sort((a, b) => (`${a.date}${a.campaign_id}` < `${b.date}${b.campaign_id}` ? -1 : 1))
      .map(({ campaign_id, date, spend, purchases }) => ({ campaign_id, date, spend, purchases }));
    expect(rows.map(canonical)).toEqual(expected.map(canonical));
  });

  it('keeps every id, character for character', async () => {
    const rows = await rowsOf(lake, 'select distinct campaign_id from campaign_day order by 1');
    const ids = [...new Set(truth.map((row) => row.campaign_id))].sort();
    expect(rows.map((row) => row.campaign_id)).toEqual(ids);
    expect(ids.every((id) => /^\d{18}$/.test(id))).toBe(true);
    expect(ids.some((id) => BigInt(Number(id)) !== BigInt(id))).toBe(true);
  });

  it('accounts for every row in every stage', () => {
    for (const report of reports) {
      expect(addsUp(report.counts), `${report.stage} ${JSON.stringify(report.counts)}`).toBe(true);
      expect(report.counts.quarantined).toBe(0);
    }
  });

  it('has US dollars for every account, from the rate of the day', async () => {
    const rows = await rowsOf(
      lake,
      `select currency, count(*) as n, count(spend_usd) as with_usd,
        bool_and(currency <> 'USD' or spend_usd = spend) as same
      from campaign_day group by currency order by currency`,
    );
    expect(rows.map((row) => row.currency)).toEqual(['EUR', 'JPY', 'USD']);
    for (const row of rows) {
      expect(row.with_usd).toBe(row.n);
      expect(row.same).toBe(true);
    }
  });
});

describe('the ten queries of the README', () => {
  const recipes = recipesIn(sectionOf('Ten questions, ten queries'));

  it('are ten, each with the question it answers before it', () => {
    expect(recipes.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(recipes.filter(({ question }) => !question.includes('?'))).toEqual([]);
  });

  it.each(ANSWERS)('query $number answers with $columns', async ({ number, columns, rows }) => {
    const found = await answerOf(number);
    expect(Object.keys(found[0] ?? {}).join(' ')).toBe(columns);
    expect(found.length).toBeGreaterThanOrEqual(rows);
  });

  it('query 1 gives this month’s spend and value exactly as the sandbox has them', async () => {
    const month = truth.filter(({ date }) => date >= '2026-11-01');
    const found = await answerOf(1);
    for (const { currency, spend, purchase_value } of found) {
      const own = month.filter((row) => row.currency === currency);
      expect(sumOf(own.map((row) => row.spend))).toBe(spend);
      expect(sumOf(own.map((row) => row.purchase_value))).toBe(purchase_value);
    }
  });

  it('query 2 goes from the best campaign to the worst', async () => {
    const ratios = (await answerOf(2)).map(({ roas }) => Number(roas ?? Number.NEGATIVE_INFINITY));
    expect(ratios).toEqual([...ratios].sort((left, right) => right - left));
  });

  it('query 4 ends with the 28 days that ad_accounts has', async () => {
    const last = (await answerOf(4)).filter(({ date }) => date === '2026-11-19');
    const accounts = await rowsOf(
      lake,
      `select account_name, last_complete_day as date, spend_28d, purchase_value_28d,
        round(roas_28d, 2) as roas_28d from ad_accounts order by account_name, account_id`,
    );
    expect(last).toEqual(accounts);
  });

  it('query 5 parts the days where they turn 28 days old', async () => {
    for (const { is_settled, first_day, last_day } of await answerOf(5)) {
      if (is_settled === true) expect(last_day).toBe('2026-10-23');
      else expect(first_day).toBe('2026-10-24');
    }
  });

  it('query 8 begins the week with Monday', async () => {
    const weekdays = (await answerOf(8)).slice(0, 7).map(({ weekday }) => weekday);
    expect(`${weekdays[0]} ${weekdays[6]}`).toBe('Monday Sunday');
  });

  it('query 9 counts every campaign that delivered lately once', async () => {
    const [all] = await rowsOf(
      lake,
      "select count(distinct campaign_id) as n from campaign_day where date > date '2026-11-19' - 28",
    );
    const counted = (await answerOf(9)).map(({ campaigns }) => Number(campaigns));
    expect(counted.reduce((sum, count) => sum + count, 0)).toBe(all?.n);
  });

  it('query 10 adds up dollars and never adds two currencies', async () => {
    const found = await answerOf(10);
    const total = found.at(-1);
    const dollars = found.slice(0, -1).map(({ spend_usd }) => String(spend_usd));
    expect(total).toMatchObject({ currency: 'all', spend: null, spend_usd: sumOf(dollars) });
  });

  function answerOf(number: number): Promise<readonly Row[]> {
    return rowsOf(lake, recipes.find((recipe) => recipe.number === number)?.sql ?? '');
  }
});

function canonical(row: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === 'string' && /^-?\d+\.\d+$/.test(value) ? value.replace(/\.?0+$/, '') : value,
    ]),
  );
}
