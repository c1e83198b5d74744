import { describe, expect, it } from 'vitest';
import { flattened } from '../helpers/flattened.ts';

const PIXEL = { object_id: '917042523049733' };
const START = '2026-10-08T10:00:00-0700';

describe('a whole number that the API sends as a number', () => {
  it.each([0, 37, 9007199254740991])('is kept as text: %d', (count) => {
    const record = { start_time: START, data: [{ value: 'Purchase', count }] };
    const { staging, rows } = flattened('pixel_events_hour', record, PIXEL);
    expect(staging).toEqual([]);
    expect(rows).toMatchObject([{ count: String(count) }]);
  });

  it('is refused when it is too large to be read exactly, not changed by one', () => {
    const hour = `{"start_time":"${START}","data":[{"value":"Purchase","count":9007199254740993}]}`;
    const pointers = (dataset: string, text: string): readonly string[] =>
      flattened(dataset, text, PIXEL).staging.map((violation) => violation.pointer);
    expect(pointers('pixel_events_hour', hour)).toEqual(['/count']);
    expect(pointers('ad_sets', '{"id":"1","bid_amount":9007199254740993}')).toEqual([
      '/bid_amount',
    ]);
    expect(pointers('campaigns', '{"id":"1","daily_budget":"9007199254740993"}')).toEqual([]);
  });
});
