import { describe, expect, it } from 'vitest';
import { contractAt } from '../src/contract.ts';
import { DATASETS } from '../src/pipeline.ts';

const DAY = { date_start: '2026-10-01', date_stop: '2026-10-01' };
const ROW = { ad_id: '120210000000000003', ...DAY };

/** Pointers of what the contract refuses; `change` is laid over a row that it accepts. */
function refused(change: Readonly<Record<string, unknown>>, dataset = 'insights_ad_day') {
  return contractAt(`raw/${dataset}.schema.json`)
    .check({ ...ROW, campaign_id: '1', ...change })
    .map((violation) => violation.pointer);
}

describe('the raw contract of insights', () => {
  it('asks for the natural key and no more', () => {
    expect(contractAt('raw/insights_ad_day.schema.json').check(ROW)).toEqual([]);
    expect(contractAt('raw/insights_account_day.schema.json').check(DAY)).toEqual([]);
    const missing = contractAt('raw/insights_campaign_day.schema.json').check({});
    expect(missing.map((violation) => violation.pointer).sort()).toEqual([
      '/campaign_id',
      '/date_start',
      '/date_stop',
    ]);
  });

  it('keeps a row that lacks its breakdown', () => {
    expect(refused({ impressions: '0' }, 'insights_country_day')).toEqual([]);
    expect(refused({ age: '25-34' }, 'insights_age_gender_day')).toEqual([]);
  });

  it.each([
    ['an id sent as a number', { ad_id: Number('120210000000000003') }, '/ad_id'],
    ['an id that is no digits', { campaign_id: 'act_1' }, '/campaign_id'],
    ['spend with a comma', { spend: '12,30' }, '/spend'],
    ['negative spend', { spend: '-1.00' }, '/spend'],
    ['spend as a number', { spend: 12.3 }, '/spend'],
    ['spend in another notation', { spend: '1e3' }, '/spend'],
    ['impressions with a fraction', { impressions: '12.5' }, '/impressions'],
    ['impressions beyond all counting', { impressions: '9'.repeat(30) }, '/impressions'],
    ['a row of several days', { date_stop: '2026-10-02' }, '/date_stop'],
    ['a day that does not exist', { date_start: '2026-02-30', date_stop: '2026-02-30' }, '/date_'],
    ['actions that are no list', { actions: 'none' }, '/actions'],
    ['an action without its type', { actions: [{ value: '1' }] }, '/actions/0/action_type'],
    ['a window as a number', { actions: [{ action_type: 'x', '7d_click': 3 }] }, '/actions/0/7d_'],
    ['a currency in words', { account_currency: 'euro' }, '/account_currency'],
  ])('refuses %s', (_, change, pointer) => {
    expect(refused(change).some((found) => found.startsWith(pointer))).toBe(true);
  });

  it.each([
    ['a field that nobody knows', { brand_new_field: { a: 1 } }],
    ['a window that nobody knows', { actions: [{ action_type: 'x', '3d_tap': '1' }] }],
    ['an action without value', { actions: [{ action_type: 'x', '7d_click': '1' }] }],
    ['a negative value of actions', { action_values: [{ action_type: 'x', value: '-3.20' }] }],
    ['a name of 10 MB', { ad_name: 'x'.repeat(10_000_000) }],
    ['the play curve, whose values are lists', { video_play_curve_actions: [{ value: [1] }] }],
    ['a key named __proto__', JSON.parse('{"__proto__":{"spend":"-1"}}')],
  ])('accepts %s', (_, change) => {
    expect(refused(change)).toEqual([]);
  });
});

describe('the raw contract of entities', () => {
  it('asks for the id alone and takes budgets as text or whole numbers', () => {
    for (const name of ['campaigns', 'ad_sets', 'ads']) {
      expect(contractAt(`raw/${name}.schema.json`).check({ id: '1' })).toEqual([]);
      expect(contractAt(`raw/${name}.schema.json`).check({ id: 1 })).not.toEqual([]);
    }
    const budget = { id: '1', daily_budget: 5000, lifetime_budget: '0' };
    expect(contractAt('raw/campaigns.schema.json').check(budget)).toEqual([]);
    const wrong = { id: '1', daily_budget: '50.00' };
    expect(contractAt('raw/campaigns.schema.json').check(wrong)).not.toEqual([]);
  });

  it('knows an account by either of its ids', () => {
    const contract = contractAt('raw/ad_accounts.schema.json');
    expect(contract.check({ id: 'act_1' })).toEqual([]);
    expect(contract.check({ account_id: '1' })).toEqual([]);
    expect(contract.check({ name: 'x' })).not.toEqual([]);
  });
});

describe('every contract of raw and staging', () => {
  it.each(DATASETS.map((dataset) => dataset.name))('%s says what each field means', (name) => {
    for (const zone of ['raw', 'staging']) {
      const { properties } = contractAt(`${zone}/${name}.schema.json`);
      const silent = Object.entries(properties).filter(([, one]) => !one.description);
      expect(silent).toEqual([]);
    }
  });

  it.each(DATASETS)('$name has its key among its columns and a type for each', (dataset) => {
    const { columns, properties } = contractAt(`staging/${dataset.name}.schema.json`);
    expect(columns).toEqual(expect.arrayContaining([...dataset.stagingKey]));
    const types = /^(VARCHAR|BIGINT|DATE|BOOLEAN|TIMESTAMPTZ|DECIMAL\((18|38),\d+\))$/;
    expect(columns.filter((one) => !types.test(properties[one]?.['x-sql'] ?? ''))).toEqual([]);
  });
});

describe("the contract of the owner's choices", () => {
  const check = contractAt('raw/preferences.schema.json').check;
  it('takes a budget of a month for an account or a campaign, in major units', () => {
    const budget = { name: 'month_budget', subject: '1001', value: '5000' };
    expect(check(budget)).toEqual([]);
    expect(check({ ...budget, subject: '1001:2026-11', value: '4999.50' })).toEqual([]);
    expect(check({ ...budget, subject: '' })).not.toEqual([]);
    expect(check({ ...budget, subject: 'act_1001' })).not.toEqual([]);
    expect(check({ ...budget, value: '5,000' })).not.toEqual([]);
    expect(check({ name: 'timezone', subject: '', value: 'Europe/Berlin' })).toEqual([]);
  });
});
