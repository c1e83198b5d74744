import { describe, expect, it } from 'vitest';
import { datasetNamed } from '../../../../src/platforms/meta/named.ts';
import { ComposedPage } from '../../../../src/platforms/meta/split/composed-page.ts';

const pageOf = (rows: readonly object[]) => [
  { bytes: Buffer.from(JSON.stringify({ data: rows })), rows: rows.length },
];
const row = (ad: unknown, more: object) => ({ ad_id: ad, date_start: '2026-11-19', ...more });

function rowsOf(page: ComposedPage): readonly Record<string, unknown>[] {
  const { bytes } = page.page([]);
  return (JSON.parse(bytes.toString()) as { readonly data: Record<string, unknown>[] }).data;
}

describe('a page put together from answers with some of the fields each', () => {
  it('has the members of all answers in each row, and no mark', () => {
    const page = new ComposedPage(datasetNamed('insights_ad_day'));
    expect(page.add(pageOf([row('1', { impressions: '5' })]), ['impressions'])).toEqual([]);
    expect(page.add(pageOf([row('1', { spend: '0.10' })]), ['spend'])).toEqual([]);
    expect(rowsOf(page)).toEqual([row('1', { impressions: '5', spend: '0.10' })]);
  });

  it('marks a row that one of the answers did not have, and names the fields', () => {
    const page = new ComposedPage(datasetNamed('insights_ad_day'));
    page.add(pageOf([row('1', { impressions: '5' }), row('2', { impressions: '6' })]), [
      'impressions',
    ]);
    const lost = page.add(pageOf([row('1', { spend: '0.10' }), row(2, { spend: '0.20' })]), [
      'spend',
      'clicks',
    ]);
    expect(new Set(lost)).toEqual(new Set(['spend', 'clicks', 'impressions']));
    const [first, second] = rowsOf(page);
    expect(first).not.toHaveProperty('_degraded');
    expect(second).toEqual(row('2', { impressions: '6', _degraded: 'clicks,spend' }));
  });
});
