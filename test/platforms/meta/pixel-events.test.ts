import { describe, expect, it } from 'vitest';
import { action, adDay, staged } from '../../helpers/raw.ts';

const PIXEL = 'offsite_conversion.fb_pixel_';

describe('pixel events of a row', () => {
  const events = (types: readonly string[], conversions: readonly string[] = []): unknown =>
    adDay({
      actions: types.map((type, index) => action(type, String(index + 1))),
      conversions: conversions.map((type, index) => action(type, String(index + 10))),
    }).pixel_events;

  it('go by their standard names, sorted', () => {
    const types = ['view_content', 'add_to_cart', 'initiate_checkout', 'purchase', 'lead'];
    expect(events(types.map((type) => PIXEL + type))).toBe(
      '{"AddToCart":2,"InitiateCheckout":3,"Lead":5,"Purchase":4,"ViewContent":1}',
    );
    const more = ['complete_registration', 'add_payment_info', 'search', 'add_to_wishlist'];
    expect(events(more.map((type) => PIXEL + type))).toBe(
      '{"AddPaymentInfo":2,"AddToWishlist":4,"CompleteRegistration":1,"Search":3}',
    );
  });

  it('leave out aliases and custom conversions', () => {
    expect(events(['omni_purchase', 'purchase', 'offsite_conversion.custom.694'])).toBe('{}');
  });

  it('name custom events, wherever the API names them', () => {
    expect(events([`${PIXEL}custom`, `${PIXEL}custom.Quiz done`])).toBe('{"Quiz done":2}');
    expect(events([`${PIXEL}custom`], [`${PIXEL}custom.Quiz`])).toBe('{"Quiz":10}');
    expect(events([`${PIXEL}custom`])).toBe('{"Custom":1}');
  });

  it('tell a custom event from the standard one of the same name', () => {
    expect(events([`${PIXEL}purchase`, `${PIXEL}custom.Purchase`])).toBe(
      '{"Purchase":1,"custom.Purchase":2}',
    );
  });

  it('are valid JSON for every name and figure', () => {
    const text = adDay({
      actions: [
        action(`${PIXEL}custom.a "b"\n__proto__`, '007'),
        action(`${PIXEL}search`, '2.50'),
        { action_type: `${PIXEL}lead` },
      ],
    }).pixel_events;
    expect(JSON.parse(String(text))).toEqual({ 'a "b"\n__proto__': 7, Lead: null, Search: 2.5 });
  });

  it('are an empty object when there are none', () => {
    expect(adDay({}).pixel_events).toBe('{}');
  });
});

describe('other actions', () => {
  it('keep what no column holds, as sent, sorted', () => {
    const row = adDay({
      actions: [
        action('page_engagement', '9'),
        action('like', '3', { '7d_click': '3', '1d_click': '1' }),
        action('post_reaction', '4'),
        action('link_click', '2'),
      ],
    });
    expect(row.other_actions).toBe(
      '{"like":{"value":"3","1d_click":"1","7d_click":"3"},"page_engagement":{"value":"9"}}',
    );
  });

  it('do not repeat the other names of an event that is counted', () => {
    const actions = [
      action('omni_purchase', '1'),
      action('web_in_store_purchase', '1'),
      action('offsite_conversion.fb_pixel_purchase', '1'),
    ];
    expect(adDay({ actions }).other_actions).toBe('{}');
  });

  it('keep an odd name of an event that was not counted', () => {
    const row = adDay({ actions: [action('offline_conversion.purchase', '5')] });
    expect(row).toMatchObject({
      purchases: '0',
      other_actions: '{"offline_conversion.purchase":{"value":"5"}}',
    });
  });
});

describe('an hour of a pixel', () => {
  const bucket = {
    start_time: '2026-10-08T10:00:00-0700',
    aggregation: 'event',
    data: [
      { value: 'PageView', count: 5120 },
      { value: 'Purchase', count: '37' },
    ],
  };

  it('becomes a row per event, with the local hour and the instant', () => {
    expect(staged('pixel_events_hour', bucket, { object_id: '917042523049733' })).toEqual([
      {
        account_id: '1',
        pixel_id: '917042523049733',
        hour: '2026-10-08T10:00:00-07:00',
        hour_utc: '2026-10-08T17:00:00Z',
        event: 'PageView',
        count: '5120',
        pulled_on: '2026-10-20',
      },
      expect.objectContaining({ event: 'Purchase', count: '37' }),
    ]);
  });

  it('becomes no row when nothing fired', () => {
    expect(staged('pixel_events_hour', { ...bucket, data: [] }, { object_id: '9' })).toEqual([]);
    const { data: _, ...without } = bucket;
    expect(staged('pixel_events_hour', without, { object_id: '9' })).toEqual([]);
  });

  it('tells the two hours of the same name apart when the clock goes back', () => {
    const hours = ['+0200', '+0100'].map(
      (offset) =>
        staged(
          'pixel_events_hour',
          { ...bucket, start_time: `2026-10-25T02:00:00${offset}` },
          { object_id: '9' },
        )[0]?.hour,
    );
    expect(hours).toEqual(['2026-10-25T02:00:00+02:00', '2026-10-25T02:00:00+01:00']);
  });
});
