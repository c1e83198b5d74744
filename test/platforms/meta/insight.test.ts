import Big from 'big.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StagingRow } from '../../../src/staging/row.ts';
import { flattened, rowOf } from '../../helpers/flattened.ts';

const DAY = { campaign_id: '7', date_start: '2026-10-01', date_stop: '2026-10-01' };
const MEASURED = { ...DAY, impressions: '1000', spend: '10.00', clicks: '20', reach: '900' };

type ActionSketch = Readonly<Record<string, unknown>>;

function action(type: string, value?: string, more: ActionSketch = {}): ActionSketch {
  return { action_type: type, ...(value === undefined ? {} : { value }), ...more };
}

function row(more: Readonly<Record<string, unknown>>): StagingRow {
  return rowOf('insights_campaign_day', { ...MEASURED, ...more });
}

function withActions(...actions: readonly ActionSketch[]): StagingRow {
  return row({ actions });
}

function json(cell: unknown): unknown {
  return JSON.parse(String(cell));
}

const PURCHASE_NAMES = [
  'omni_purchase',
  'purchase',
  'offsite_conversion.fb_pixel_purchase',
  'onsite_web_purchase',
  'onsite_conversion.purchase',
  'app_custom_event.fb_mobile_purchase',
] as const;

describe('a purchase counts once', () => {
  it.each(PURCHASE_NAMES.map((name, at) => [name, at] as const))(
    'under %s when no better name is there, in any order of the list',
    (name, at) => {
      const worse = PURCHASE_NAMES.slice(at).map((one, index) => action(one, String(5 + index)));
      for (const actions of [worse, [...worse].reverse()]) {
        expect(withActions(...actions)).toMatchObject({ purchases: '5', purchases_source: name });
      }
    },
  );

  it('however many aliases the API sends', () => {
    const aliases = [
      ...PURCHASE_NAMES,
      'onsite_web_app_purchase',
      'onsite_app_purchase',
      'web_in_store_purchase',
      'web_app_in_store_purchase',
    ];
    const found = withActions(...aliases.map((name) => action(name, '97')));
    expect(found.purchases).toBe('97');
    expect(json(found.other_actions)).toEqual({});
  });

  it('by the name that is there, also when its figure is 0', () => {
    const found = withActions(action('omni_purchase', '0'), action('purchase', '4'));
    expect(found).toMatchObject({ purchases: '0', purchases_source: 'omni_purchase' });
  });

  it('and is never the sum of names, whatever their figures', () => {
    const figures = fc.dictionary(
      fc.constantFrom(...PURCHASE_NAMES),
      fc.nat({ max: 1_000_000 }).map(String),
      { minKeys: 1 },
    );
    fc.assert(
      fc.property(figures, (byName) => {
        const found = withActions(...Object.entries(byName).map(([n, value]) => action(n, value)));
        const first = PURCHASE_NAMES.find((name) => name in byName) ?? '';
        expect(found).toMatchObject({ purchases: byName[first], purchases_source: first });
      }),
    );
  });

  it('an alias that no count looks at stays in other_actions when the count found nothing', () => {
    const found = withActions(action('onsite_app_purchase', '3'));
    expect(found).toMatchObject({ purchases: '0', purchases_source: null });
    expect(json(found.other_actions)).toEqual({ onsite_app_purchase: { value: '3' } });
  });
});

describe('NULL is not 0', () => {
  it('a row with impressions and no actions had none', () => {
    expect(row({})).toMatchObject({
      purchases: '0',
      purchases_source: null,
      purchase_value: '0',
      leads: '0',
      add_to_cart: '0',
      landing_page_views: '0',
      video_views_3s: '0',
      pixel_events: '{}',
      other_actions: '{}',
    });
  });

  it('a row without any metrics says nothing', () => {
    expect(rowOf('insights_campaign_day', DAY)).toMatchObject({
      spend: null,
      impressions: null,
      purchases: null,
      purchase_value: null,
      leads: null,
      link_clicks: null,
      cpc: null,
      reported_agrees: null,
    });
  });

  it('a field of its own that is not there is NULL: zero, or not asked for', () => {
    expect(row({})).toMatchObject({
      outbound_clicks: null,
      unique_clicks: null,
      video_thruplay: null,
      video_p100: null,
      frequency: null,
    });
  });

  it('a zero that was sent is 0', () => {
    const sent = row({ spend: '0', clicks: '0', unique_clicks: '0' });
    expect(sent).toMatchObject({ spend: '0', clicks: '0', unique_clicks: '0' });
  });

  it('an action without a value (mixed attribution settings) is NULL with its source', () => {
    const found = withActions(action('omni_purchase', undefined, { '7d_click': '2' }));
    expect(found).toMatchObject({
      purchases: null,
      purchases_source: 'omni_purchase',
      purchases_7d_click: '2',
      purchase_value: null,
    });
  });

  it('a late conversion on a day without delivery is kept', () => {
    const late = row({
      impressions: '0',
      spend: '0',
      clicks: '0',
      reach: '0',
      actions: [action('omni_purchase', '1')],
    });
    expect(late).toMatchObject({ purchases: '1', impressions: '0', cpm: null, ctr: null });
  });

  it('empty text is not NULL', () => {
    expect(row({ campaign_name: '' }).campaign_name).toBe('');
    expect(row({}).campaign_name).toBeNull();
  });

  it('a breakdown that was not sent is NULL, and the row is kept', () => {
    const found = rowOf('insights_age_gender_day', { ...MEASURED, age: '25-34' });
    expect(found).toMatchObject({ age: '25-34', gender: null });
  });
});

describe('a row that had to do without fields', () => {
  const api = { source: 'api' };
  const lost = (fields: string, more: Readonly<Record<string, unknown>> = {}): StagingRow =>
    rowOf('insights_campaign_day', { ...MEASURED, ...more, _degraded: fields }, api);

  it('names them, and what depends on them is NULL and not 0', () => {
    expect(lost('actions,reach')).toMatchObject({
      _degraded: 'actions,reach',
      spend: '10.00',
      purchases: null,
      leads: null,
      comments: null,
      purchase_value: null,
    });
    expect(rowOf('insights_campaign_day', MEASURED, api)).toMatchObject({
      _degraded: null,
      purchases: '0',
      comments: '0',
      purchase_value: '0',
    });
  });

  it('without values has purchases of an unknown value', () => {
    const actions = [action('omni_purchase', '2')];
    expect(lost('action_values', { actions })).toMatchObject({
      purchases: '2',
      purchase_value: null,
    });
  });
});

describe('values of purchases', () => {
  it('are read by the same order on their own', () => {
    const found = row({
      actions: [action('purchase', '2')],
      action_values: [action('omni_purchase', '40.10'), action('purchase', '30')],
    });
    expect(found).toMatchObject({
      purchases_source: 'purchase',
      purchase_value: '40.10',
      purchase_value_source: 'omni_purchase',
    });
  });

  it('are kept where no action stands beside them', () => {
    const found = row({ action_values: [action('omni_purchase', '412.30')] });
    expect(found).toMatchObject({ purchases: '0', purchase_value: '412.30' });
  });

  it('are NULL in captured pages when there are purchases and no values at all', () => {
    const found = withActions(action('purchase', '2'));
    expect(found).toMatchObject({ purchase_value: null, purchase_value_source: null });
  });

  it('are 0 in an answer to our own request, which always asks for values', () => {
    const record = { ...MEASURED, actions: [action('purchase', '2')] };
    const found = rowOf('insights_campaign_day', record, { source: 'api' });
    expect(found).toMatchObject({ purchases: '2', purchase_value: '0' });
  });

  it('are 0 when there are values, and none of purchases', () => {
    const found = row({
      actions: [action('purchase', '2')],
      action_values: [action('add_to_cart', '9.99')],
    });
    expect(found).toMatchObject({ purchase_value: '0', purchase_value_source: null });
  });

  it('may be negative; counts and spend may not', () => {
    expect(row({ action_values: [action('purchase', '-5.25')] }).purchase_value).toBe('-5.25');
    const refused = flattened('insights_campaign_day', {
      ...MEASURED,
      actions: [action('purchase', '-1')],
    });
    expect(refused.raw).not.toEqual([]);
    expect(refused.staging).not.toEqual([]);
  });
});

describe('attribution windows', () => {
  it('are those of the name that was used', () => {
    const found = withActions(
      action('omni_purchase', '7', { '1d_click': '4', '7d_click': '6', '1d_view': '1' }),
      action('purchase', '5', { '1d_click': '3', '28d_click': '9' }),
    );
    expect(found).toMatchObject({
      purchases_1d_click: '4',
      purchases_7d_click: '6',
      purchases_28d_click: '0',
      purchases_1d_view: '1',
      purchases_1d_ev: '0',
    });
  });

  it('are 0 where another action of the row shows that they were asked for', () => {
    const found = withActions(action('link_click', '9', { '1d_click': '9', '7d_click': '9' }));
    expect(found).toMatchObject({ purchases_1d_click: '0', purchases_7d_click: '0' });
  });

  it('are NULL where nothing shows that they were asked for', () => {
    expect(withActions(action('purchase', '7'))).toMatchObject({
      purchases: '7',
      purchases_1d_click: null,
      purchases_7d_click: null,
      purchases_1d_ev: null,
    });
  });
});

describe('leads', () => {
  const onMeta = 'onsite_conversion.lead_grouped';
  const onSite = 'offsite_conversion.fb_pixel_lead';

  it.each([
    ['lead alone', [action('lead', '9'), action(onMeta, '4'), action(onSite, '5')], '9', 'lead'],
    [
      'the sum of the two parts',
      [action(onSite, '5'), action(onMeta, '4')],
      '9',
      `${onMeta}+${onSite}`,
    ],
    ['the part that is there', [action(onSite, '5')], '5', onSite],
    ['the other part', [action(onMeta, '4')], '4', onMeta],
    ['another name', [action('onsite_web_lead', '3')], '3', 'onsite_web_lead'],
    [
      'NULL when a part has no value',
      [action(onSite, '5'), action(onMeta)],
      null,
      `${onMeta}+${onSite}`,
    ],
  ])('are %s', (_, actions, leads, source) => {
    expect(withActions(...actions)).toMatchObject({ leads, leads_source: source });
  });
});

describe('events with aliases', () => {
  it.each([
    ['add_to_cart', 'omni_add_to_cart', 'add_to_cart', 'offsite_conversion.fb_pixel_add_to_cart'],
    [
      'initiate_checkout',
      'omni_initiated_checkout',
      'initiate_checkout',
      'offsite_conversion.fb_pixel_initiate_checkout',
    ],
    [
      'view_content',
      'omni_view_content',
      'view_content',
      'offsite_conversion.fb_pixel_view_content',
    ],
    [
      'complete_registration',
      'omni_complete_registration',
      'complete_registration',
      'offsite_conversion.fb_pixel_complete_registration',
    ],
  ])('%s is all channels first, then the bare name, then the pixel', (column, ...names) => {
    for (const [at, name] of names.entries()) {
      const actions = names.slice(at).map((one, index) => action(one, String(10 + index)));
      const found = withActions(...actions.reverse());
      expect(found).toMatchObject({ [column]: '10', [`${column}_source`]: name });
      expect(json(found.other_actions)).toEqual({});
    }
  });

  it('posts, comments, reactions, saves and 3 second views have their columns', () => {
    const found = withActions(
      action('post', '1'),
      action('comment', '2'),
      action('post_reaction', '3'),
      action('onsite_conversion.post_save', '4'),
      action('video_view', '5'),
      action('post_engagement', '15'),
    );
    expect(found).toMatchObject({
      shares: '1',
      comments: '2',
      post_reactions: '3',
      saves: '4',
      video_views_3s: '5',
    });
    expect(json(found.other_actions)).toEqual({ post_engagement: { value: '15' } });
  });
});

describe('link clicks', () => {
  const inline = { inline_link_clicks: '7' };
  const actions = { actions: [action('link_click', '6')] };
  const outbound = { outbound_clicks: [action('outbound_click', '5')] };

  it.each([
    [{ ...inline, ...actions, ...outbound }, '7', 'inline_link_clicks'],
    [{ ...actions, ...outbound }, '6', 'link_click'],
    [{ ...outbound }, '5', 'outbound_clicks'],
    [{}, '20', 'clicks'],
    [{ ...inline, inline_link_clicks: '0', ...actions }, '0', 'inline_link_clicks'],
  ])('%o', (more, clicks, source) => {
    expect(row(more)).toMatchObject({ link_clicks: clicks, link_clicks_source: source });
  });

  it('are 0 without a source when the row has impressions and none of them', () => {
    const found = rowOf('insights_campaign_day', { ...DAY, impressions: '3' });
    expect(found).toMatchObject({ link_clicks: '0', link_clicks_source: null });
  });
});

describe('an action type that comes twice', () => {
  it('counts once when both are the same', () => {
    const twice = [action('purchase', '3'), action('purchase', '3')];
    expect(withActions(...twice).purchases).toBe('3');
  });

  it('is its total, where parts of a breakdown stand beside it', () => {
    const found = withActions(
      action('purchase', '2', { action_device: 'iphone' }),
      action('purchase', '5'),
      action('purchase', '3', { action_device: 'desktop' }),
    );
    expect(found.purchases).toBe('5');
  });

  it('is the exact sum of its parts, where there is no total', () => {
    const found = row({
      action_values: [
        action('purchase', '0.10', { action_device: 'iphone', '7d_click': '0.10' }),
        action('purchase', '0.20', { action_device: 'desktop', '7d_click': '0.20' }),
      ],
    });
    expect(found).toMatchObject({ purchase_value: '0.3', purchase_value_7d_click: '0.3' });
  });

  it('is NULL when two totals disagree', () => {
    const found = withActions(action('purchase', '3'), action('purchase', '4'));
    expect(found).toMatchObject({ purchases: null, purchases_source: 'purchase' });
  });

  it('sums parts without losing a cent, for any parts', () => {
    const cents = fc.array(fc.bigInt({ min: 0n, max: 10n ** 10n }), { minLength: 2, maxLength: 9 });
    fc.assert(
      fc.property(cents, (parts) => {
        const text = (part: bigint): string =>
          `${part / 100n}.${String(part % 100n).padStart(2, '0')}`;
        const found = row({
          action_values: parts.map((part, at) =>
            action('purchase', text(part), { action_device: `device ${at}` }),
          ),
        });
        const sum = parts.reduce((left, right) => left + right, 0n);
        expect(new Big(String(found.purchase_value)).eq(text(sum))).toBe(true);
      }),
    );
  });
});

describe('pixel events', () => {
  const pixel = 'offsite_conversion.fb_pixel_';

  it('are named as the pixel fires them, keys sorted', () => {
    const found = withActions(
      action(`${pixel}view_content`, '9'),
      action(`${pixel}add_payment_info`, '2'),
      action(`${pixel}purchase`, '1'),
      action(`${pixel}custom.Sign Up`, '4'),
    );
    expect(found.pixel_events).toBe(
      '{"AddPaymentInfo":2,"Purchase":1,"Sign Up":4,"ViewContent":9}',
    );
  });

  it('leave custom conversions out: they are rules over events', () => {
    const found = withActions(action('offsite_conversion.custom.694166388077667', '3'));
    expect(found.pixel_events).toBe('{}');
    expect(json(found.other_actions)).toEqual({
      'offsite_conversion.custom.694166388077667': { value: '3' },
    });
  });

  it('call custom events Custom only where none is named', () => {
    expect(withActions(action(`${pixel}custom`, '3')).pixel_events).toBe('{"Custom":3}');
    const named = withActions(action(`${pixel}custom`, '3'), action(`${pixel}custom.A`, '3'));
    expect(named.pixel_events).toBe('{"A":3}');
  });

  it('keep hostile names apart and in order', () => {
    const names = ['__proto__', 'constructor', '10', '9', 'a"b', 'é', ''];
    const found = withActions(
      ...names.map((name, at) => action(`${pixel}custom.${name}`, `${at}`)),
    );
    const text = String(found.pixel_events);
    expect(text).toContain('"__proto__":0');
    expect([...text.matchAll(/"((?:[^"\\]|\\.)*)":/g)].map((match) => match[1])).toEqual(
      [...names].sort().map((name) => JSON.stringify(name).slice(1, -1)),
    );
  });
});

describe('other actions', () => {
  it('are as they were sent, windows and all, keys sorted, hostile names too', () => {
    const found = withActions(
      action('like', '3', { '7d_click': '3', '1d_click': '1' }),
      action('__proto__', '1'),
      action('7', '2'),
    );
    expect(found.other_actions).toBe(
      '{"7":{"value":"2"},"__proto__":{"value":"1"},"like":{"value":"3","1d_click":"1","7d_click":"3"}}',
    );
  });

  it('hold every type that has no column', () => {
    const type = fc.string({ minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(fc.uniqueArray(type, { maxLength: 8 }), (types) => {
        const unknown = types.map((one) => `x_${one}`);
        const found = withActions(...unknown.map((one) => action(one, '1')));
        expect(Object.keys(json(found.other_actions) as object).sort()).toEqual(unknown.sort());
      }),
    );
  });
});

describe('ratios', () => {
  it('are made of their parts, CTR as a fraction, rounded half-even to six places', () => {
    expect(row({ spend: '10.00', clicks: '3', impressions: '7' })).toMatchObject({
      cpc: '3.333333',
      cpm: '1428.571429',
      ctr: '0.428571',
    });
    expect(row({ spend: '0.0000125', clicks: '1' }).spend).toBe('0.000012');
  });

  it('are NULL where there is nothing to divide by', () => {
    const found = row({ clicks: '0', impressions: '0' });
    expect(found).toMatchObject({ cpc: null, cpm: null, ctr: null });
  });

  it('agree with the API within half a percent or half a cent', () => {
    const sent = { spend: '85.42', impressions: '12400', clicks: '340' };
    const agreed = row({ ...sent, cpc: '0.251235', cpm: '6.88871', ctr: '2.741935' });
    expect(agreed).toMatchObject({
      cpc_reported: '0.251235',
      cpm_reported: '6.88871',
      ctr_reported: '0.02741935',
      reported_agrees: true,
    });
    expect(row({ ...sent, cpc: '0.2561' }).reported_agrees).toBe(true);
    expect(row({ ...sent, cpc: '0.2563' }).reported_agrees).toBe(false);
    expect(row({ ...sent, ctr: '0.02741935' }).reported_agrees).toBe(false);
    expect(row({ ...sent, cpm: '6.95' }).reported_agrees).toBe(false);
  });

  it('have nothing to agree with when the API reported none', () => {
    expect(row({}).reported_agrees).toBeNull();
  });

  it('are the quotient for any parts', () => {
    const parts = fc.record({ cents: fc.nat(), clicks: fc.integer({ min: 1, max: 1_000_000 }) });
    fc.assert(
      fc.property(parts, ({ cents, clicks }) => {
        const spend = new Big(cents).div(100).toFixed(2);
        const cpc = new Big(String(row({ spend, clicks: String(clicks) }).cpc));
        expect(cpc.times(clicks).minus(spend).abs().lte(new Big('0.0000005').times(clicks))).toBe(
          true,
        );
      }),
    );
  });
});

describe('what comes in as text stays as it is', () => {
  it('ids of 18 digits and more', () => {
    const ids = { campaign_id: '120210000000000001', ad_id: '98765432109876543210987654321098' };
    const found = rowOf('insights_ad_day', { ...MEASURED, ...ids, adset_id: '007' });
    expect(found).toMatchObject({ ...ids, ad_set_id: '007' });
  });

  it('names, however hostile', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        expect(row({ campaign_name: name }).campaign_name).toBe(name);
      }),
    );
  });

  it('spend, to the last digit sent', () => {
    const spend = fc
      .tuple(fc.bigInt({ min: 0n, max: 10n ** 12n - 1n }), fc.nat({ max: 999_999 }))
      .map(([whole, part]) => `${whole}.${String(part).padStart(6, '0')}`);
    fc.assert(
      fc.property(spend, (text) => {
        expect(row({ spend: text }).spend).toBe(text);
      }),
    );
  });

  it('and a key named __proto__ changes nothing', () => {
    const text = JSON.stringify(MEASURED).replace('{', '{"__proto__":{"spend":"9","age":"1"},');
    expect(rowOf('insights_age_gender_day', text)).toMatchObject({ spend: '10.00', age: null });
  });
});

describe('where a row comes from', () => {
  it('is the day of the answer and the account of the partition', () => {
    expect(row({ account_id: '2' })).toMatchObject({ account_id: '1', pulled_on: '2026-11-01' });
  });

  it('has the currency of the row, else of the batch, else none', () => {
    expect(row({ account_currency: 'JPY' }).currency).toBe('JPY');
    expect(row({}).currency).toBe('USD');
    expect(rowOf('insights_campaign_day', MEASURED, { currency: '' }).currency).toBeNull();
  });
});
