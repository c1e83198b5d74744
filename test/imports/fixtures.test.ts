import { basename } from 'node:path';
import Big from 'big.js';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { adlake } from '../helpers/command-line.ts';
import { fixture, fixtureBytes, HAS_FIXTURES, recordsOf, understood } from '../helpers/imports.ts';
import { keptLake } from '../helpers/lake.ts';

/** Files nobody in this project wrote; where they are not beside the project, this is skipped. */
const whenThere = HAS_FIXTURES ? describe : describe.skip;

/** The sum of a column of a plain CSV, worked out apart from the importer. */
function columnSum(path: string, name: string): string {
  const [head = [], ...rows] = parse(fixtureBytes(path)) as unknown as readonly string[][];
  const at = head.indexOf(name);
  return new Big(0).plus(rows.reduce((sum, row) => sum.plus(row[at] ?? '0'), new Big(0))).toFixed();
}

whenThere('generated day rows of several platforms', () => {
  it.each([
    ['lifesight/Facebook.csv', 'meta', 'spend', { impressions: '55403087', clicks: '529233' }],
    ['lifesight/Google.csv', 'google', 'spend', { impressions: '116471438', clicks: '1155181' }],
    ['lifesight/TikTok.csv', 'tiktok', 'spend', { impressions: '27241437', clicks: '271134' }],
    ['mpad/facebook_ads.csv', 'meta', 'cost', { impressions: '5335722', clicks: '122940' }],
    ['mpad/facebook_ads.cleaned.csv', 'meta', 'cost', { impressions: '5335722' }],
    ['mpad/google_ads.csv', 'google', 'cost', { impressions: '5530610', clicks: '124743' }],
  ])('%s is of %s, its sums exact to the last digit', (path, platform, money, counts) => {
    const file = understood(fixtureBytes(path), {}, basename(path));
    expect(file.mapping.platform).toBe(platform);
    expect(file.sums.get('spend')).toBe(columnSum(path, money));
    expect(Object.fromEntries(file.sums)).toMatchObject(counts);
    const records = recordsOf(file);
    expect(records).toHaveLength(file.rows);
    const sum = records.reduce((total, { spend }) => total.plus(String(spend)), new Big(0));
    expect(sum.toFixed()).toBe(columnSum(path, money));
  });

  it('refuses the shop revenue among them, and says what it is', () => {
    expect(() => understood(fixtureBytes('lifesight/Business.csv'), {}, 'Business.csv')).toThrow(
      'This seems to be shop orders or shop revenue',
    );
  });
});

whenThere('tables of a connector', () => {
  const folder = 'dbt-facebook-ads-seeds';

  it.each([
    ['facebook_ads_basic_ad_data.csv', 'ad', '643.63'],
    ['facebook_ads_demographics_country_data.csv', 'account', '489.97'],
    ['facebook_ads_demographics_region_data.csv', 'account', '462.75'],
  ])('%s imports', (name, level, spend) => {
    const file = understood(fixtureBytes(`${folder}/${name}`), {}, name);
    expect([...file.levels.keys()]).toEqual([level]);
    expect(file.sums.get('spend')).toBe(spend);
    expect(file.accounts.map(({ accountId }) => accountId)).toEqual(['1700252260223815']);
    expect(file.unknownHeaders).toEqual([]);
  });

  it.each([
    ['facebook_ads_basic_ad_actions_data.csv', 'the actions alone'],
    ['facebook_ads_basic_ad_action_values_data.csv', 'the actions alone'],
    ['facebook_ads_demographics_country_actions_data.csv', 'the actions alone'],
    ['facebook_ads_demographics_region_actions_data.csv', 'the actions alone'],
    ['facebook_ads_account_history_data.csv', 'history of objects'],
    ['facebook_ads_ad_history_data.csv', 'history of objects'],
    ['facebook_ads_ad_set_history_data.csv', 'history of objects'],
    ['facebook_ads_campaign_history_data.csv', 'history of objects'],
    ['facebook_ads_creative_history_data.csv', 'history of objects'],
  ])('%s is refused with a reason', (name, reason) => {
    expect(() => understood(fixtureBytes(`${folder}/${name}`), {}, name)).toThrow(reason);
  });
});

whenThere('answers that were saved as JSON', () => {
  it('has the insights nested in campaigns, with the campaigns they are of', () => {
    const file = understood(fixtureBytes('campaigns-raw-strings/vsouto_campaigns.json'));
    expect([...file.levels]).toEqual([['campaign', 5]]);
    expect([file.currency, file.sums.get('spend'), file.sums.get('impressions')]).toEqual([
      'USD',
      '29.71',
      '20644',
    ]);
    expect(recordsOf(file)[0]).toMatchObject({
      object_key: '23843976347720104',
      spend: '0.52',
      date_start: '2019-11-12',
    });
  });

  it('has TikTok reports of all levels, ids whole, lifetime figures left out and counted', () => {
    const path = 'tiktok-amazon/tiktok-marketing/integration_tests/expected_records.jsonl';
    const file = understood(fixtureBytes(path));
    expect(Object.fromEntries(file.levels)).toEqual({
      ad: 15,
      ad_set: 12,
      campaign: 12,
      account: 12,
    });
    expect(file.accounts.map(({ accountId }) => accountId)).toEqual(['7002238017842757633']);
    expect(file.sums.get('spend')).toBe(tiktokSpend(path));
    expect(file.withoutDay).toBe(35);
    expect(recordsOf(file).find(({ level }) => level === 'ad')).toMatchObject({
      ad_id: '1714125051115569',
      campaign_id: '1714125042508817',
    });
  });

  it.each([
    ['error.json', 'No row of the file looks like'],
    ['profiles.json', 'a list of advertising profiles'],
    ['oauth.json', 'access tokens'],
    ['report_status_response.json', 'No row of the file looks like'],
    ['report_init_response.json', 'the state of a report'],
    ['download_report_file.json', 'settings of keywords'],
    ['sponsored_brands_campaigns.json', 'a list of campaigns'],
  ])('refuses %s of Amazon with what it seems to be', (name, reason) => {
    const path = `tiktok-amazon/amazon-ads/unit_tests/resource/http/response/${name}`;
    expect(() => understood(fixtureBytes(path), {}, name)).toThrow(reason);
  });
});

/** What all rows with a day cost, worked out apart from the importer. */
function tiktokSpend(path: string): string {
  const lines = fixtureBytes(path).toString('utf8').trim().split('\n');
  const sum = lines
    .map((line) => JSON.parse(line) as { readonly data: Record<string, Record<string, string>> })
    .filter(({ data }) => data.dimensions?.stat_time_day !== undefined)
    .reduce((total, { data }) => total.plus(data.metrics?.spend ?? '0'), new Big(0));
  return sum.toFixed();
}

whenThere('a real Spanish export of Ads Manager', () => {
  const path = 'ads-manager-export-es/informe_maran_raw_data_report.xlsx';
  const lake = keptLake().home;

  it('imports with no option, its total row found and equal', async () => {
    const file = understood(fixtureBytes(path), { exportedOn: null });
    expect(file.totals).toEqual({ isFound: true, others: 0 });
    expect([file.language, file.currency, file.pulledOn]).toEqual(['es', 'EUR', '2025-06-12']);
    expect(Object.fromEntries(file.sums)).toMatchObject({
      spend: '3794.51',
      impressions: '727890',
      purchases: '118',
    });
    expect(recordsOf(file)).toHaveLength(621);
  });

  it('reaches staging, and a second time changes nothing', async () => {
    const first = await adlake(['import', fixture(path), '--lake', lake]);
    expect(first.exitCode).toBe(0);
    expect(first.stdout).toContain('spend 3,794.51 EUR, impressions 727,890');
    expect(first.stdout).toContain('Total row: found, and the rows add up to it');
    expect(first.stderr).not.toContain('In quarantine');
    const again = await adlake(['import', fixture(path), '--lake', lake]);
    expect(again.stdout).toContain('Imported before');
  });
});
