import { describe, expect, it } from 'vitest';
import { majorUnits } from '../../../src/platforms/meta/budget.ts';
import { staged } from '../../helpers/raw.ts';

describe('budgets', () => {
  it.each([
    ['5000', 'USD', '50'],
    ['5001', 'EUR', '50.01'],
    ['5000', 'JPY', '5000'],
    ['7', 'HUF', '7'],
    ['150', 'BHD', '1.5'],
    ['-250', 'USD', '-2.5'],
    ['9999999999999999', 'USD', '99999999999999.99'],
  ])('%s minor units of %s are %s', (minor, currency, major) => {
    expect(majorUnits(minor, currency)).toBe(major);
  });

  it('are exact in every currency of whole units by the table of Meta, not of ISO 4217', () => {
    const whole = ['CLP', 'COP', 'CRC', 'HUF', 'ISK', 'IDR', 'JPY', 'KRW', 'PYG', 'TWD', 'VND'];
    expect(whole.map((currency) => majorUnits('12345', currency))).toEqual(
      whole.map(() => '12345'),
    );
    expect(['BHD', 'JOD', 'DZD'].map((one) => majorUnits('12345', one))).toEqual(
      Array.from({ length: 3 }, () => '123.45'),
    );
  });

  it('are NULL when nobody knows the currency', () => {
    expect(
      staged('campaigns', { id: '1', daily_budget: '5000' }, { currency: '' })[0],
    ).toMatchObject({ daily_budget: null, currency: null });
  });

  it('that the API sends as 0 are not there; what is left may be 0', () => {
    const sent = { daily_budget: '0', lifetime_budget: '90000', budget_remaining: '0' };
    expect(staged('campaigns', { id: '1', ...sent, spend_cap: '0' })[0]).toMatchObject({
      daily_budget: null,
      lifetime_budget: '900',
      budget_remaining: '0',
      spend_cap: null,
    });
    expect(staged('campaigns', { id: '1', spend_cap: '922337203685478' })[0]).toMatchObject({
      spend_cap: null,
    });
  });
});

describe('a campaign', () => {
  it('keeps its id and name, and has its times in UTC', () => {
    const [row] = staged('campaigns', {
      id: '120210000000000001',
      account_id: 'act_1',
      name: '=cmd, "x"\n🛍️',
      special_ad_categories: ['HOUSING', 'a,b'],
      created_time: '2015-01-29T14:57:21-0500',
      start_time: '2026-03-08T14:18:45-0800',
      stop_time: '2026-03-14T00:00:00-07:00',
      updated_time: '2026-03-09T11:51:54+0000',
    });
    expect(row).toMatchObject({
      account_id: '1',
      campaign_id: '120210000000000001',
      campaign_name: '=cmd, "x"\n🛍️',
      special_ad_categories: '["HOUSING","a,b"]',
      created_time: '2015-01-29T19:57:21Z',
      start_time: '2026-03-08T22:18:45Z',
      stop_time: '2026-03-14T07:00:00Z',
      updated_time: '2026-03-09T11:51:54Z',
      pulled_on: '2026-10-20',
    });
  });

  it('with a time that is no time is refused and not mended', () => {
    const wrong = { id: '1', start_time: '2026-02-30T00:00:00+0000' };
    expect(() => staged('campaigns', wrong)).toThrow(/start_time/);
  });

  it('with an id alone has NULL for all else that was not sent', () => {
    expect(staged('campaigns', { id: '1' })[0]).toMatchObject({
      campaign_name: null,
      objective: null,
      status: null,
      special_ad_categories: null,
      stop_time: null,
    });
  });
});

describe('an ad set', () => {
  it('keeps nested settings in their own spelling, long numbers included', () => {
    const text =
      '{"id":"2","campaign_id":"1","bid_amount":250,"targeting":{"key":120210000000000001,' +
      '"name":"a\\u0062"},"attribution_spec":[{"event_type":"CLICK_THROUGH","window_days":7}]}';
    expect(staged('ad_sets', text)[0]).toMatchObject({
      ad_set_id: '2',
      campaign_id: '1',
      bid_amount: '2.5',
      targeting: '{"key":120210000000000001,"name":"a\\u0062"}',
      attribution_spec: '[{"event_type":"CLICK_THROUGH","window_days":7}]',
      promoted_object: null,
    });
  });
});

describe('an ad', () => {
  it('knows its ad set, campaign and creative', () => {
    const ad = { id: '3', adset_id: '2', campaign_id: '1', creative: { id: '4' } };
    expect(staged('ads', ad)[0]).toMatchObject({
      ad_id: '3',
      ad_set_id: '2',
      campaign_id: '1',
      creative_id: '4',
    });
    expect(staged('ads', { id: '3' })[0]).toMatchObject({ creative_id: null, ad_set_id: null });
  });
});

describe('an ad account', () => {
  it('is told by the partition, with money in major units of its own currency', () => {
    const account = {
      id: 'act_1',
      account_id: '1',
      name: 'Shop',
      account_status: 1,
      currency: 'JPY',
      timezone_name: 'Asia/Tokyo',
      amount_spent: '39125',
      balance: '-5',
      spend_cap: '0',
      business: { id: '15', name: 'Synthetic business' },
      created_time: '2020-04-13T18:04:59-0700',
    };
    expect(staged('ad_accounts', account, { currency: 'USD' })[0]).toEqual({
      account_id: '1',
      account_name: 'Shop',
      currency: 'JPY',
      timezone_name: 'Asia/Tokyo',
      account_status: '1',
      amount_spent: '39125',
      balance: '-5',
      spend_cap: null,
      created_time: '2020-04-14T01:04:59Z',
      business_id: '15',
      business_name: 'Synthetic business',
      pulled_on: '2026-10-20',
    });
  });
});
