import { expect, it } from 'vitest';
import { didYouMean, nearest } from '../src/nearest.ts';

it.each([
  ['campains', 'campaigns'],
  ['CAMPAIGNS', 'campaigns'],
  ['ad_set', 'ad_sets'],
  ['insights_campaing_day', 'insights_campaign_day'],
  ['campaign_insights', 'insights_campaign_day'],
  ['weather', null],
])('the candidate nearest to %s is %s', (text, expected) => {
  const names = ['campaigns', 'ad_sets', 'ads', 'insights_campaign_day'];
  expect(nearest(text, names)).toBe(expected);
});

it('a hint is empty when nothing is near', () => {
  expect(didYouMean('weather', ['ads'])).toBe('');
  expect(didYouMean('adz', ['ads'])).toBe(' Did you mean ads?');
});
