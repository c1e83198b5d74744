import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { mappings } from '../../src/imports/mapping.ts';
import { imported, recordsOf, understood } from '../helpers/imports.ts';

/** A sample of each platform's export by campaign and day, as its own tool heads it. All made up. */
const SAMPLES: readonly (readonly [platform: string, content: string, expected: object])[] = [
  [
    'google',
    'Campaign report\n"March 1, 2026 - March 2, 2026"\nDay,Campaign,Campaign ID,Currency code,Cost,Impr.,Clicks,Conversions,Conv. value\n2026-03-01,Search,11,EUR,"1,234.50","12,000",300,4.5,99.00\n2026-03-02,Search,11,EUR,0.50,100,1,0.00,0.00\nTotal: Campaigns, --, --, --,"1,235.00","12,100",301,4.50,99.00\nTotal: Account, --, --, --,"2,235.00","22,100",401,5.50,99.00\n',
    {
      spend: '1234.5',
      impressions: '12000',
      conversions: '4.5',
      object_key: '11',
      currency: 'EUR',
    },
  ],
  [
    'tiktok',
    'Campaign name,Campaign ID,By Day,Currency,Cost,Impression,Clicks (destination),Conversions\nLaunch,1714125042508817,2026-03-01,USD,20.00,5830,69,3\nTotal of 1 results,-,-,-,20.00,5830,69,3\n',
    { spend: '20', clicks: '69', conversions: '3', object_key: '1714125042508817' },
  ],
  [
    'amazon',
    'Date,Portfolio name,Currency,Campaign Name,Impressions,Clicks,Spend,14 Day Total Sales,14 Day Total Orders (#)\n"Mar 01, 2026",P,USD,Brand,1000,10,$5.25,$50.10,2\n',
    { spend: '5.25', conversion_value: '50.1', conversions: '2', date_start: '2026-03-01' },
  ],
  [
    'microsoft',
    '"Report Name: Campaigns"\n"Report Time: 3/1/2026"\nGregorian date,Account number,Campaign name,Campaign ID,Currency code,Impressions,Clicks,Spend,Conversions,Revenue\n3/1/2026,F1230001,Shoes,77,USD,100,5,1.50,1,20.00\n3/31/2026,F1230001,Shoes,77,USD,200,6,2.50,0,0.00\n"©2026 Made up. All rights reserved."\n',
    { spend: '1.5', date_start: '2026-03-01', object_key: '77', conversion_value: '20' },
  ],
  [
    'pinterest',
    'Date,Campaign ID,Campaign name,Spend in account currency,Impressions,Pin clicks,Outbound clicks,Saves\n2026-03-01,626,Spring,3.10,400,9,4,2\n',
    { spend: '3.1', clicks: '9', link_clicks: '4', object_key: '626' },
  ],
  [
    'linkedin',
    '"Campaign Performance Report (in UTC)"\n"Date Generated: March 5, 2026"\n\nStart Date (in UTC)\tAccount Name\tCurrency\tCampaign Group ID\tCampaign Group Name\tCampaign ID\tCampaign Name\tTotal Spent\tImpressions\tClicks\tConversions\n03/31/2026\tMade-up account\tEUR\t9\tGroup\t55\tLeads\t12.00\t900\t8\t1\n',
    { spend: '12', level: 'ad_set', ad_set_id: '55', campaign_id: '9', date_start: '2026-03-31' },
  ],
  [
    'snapchat',
    'Start time,End time,Campaign Name,Campaign ID,Currency,Amount Spent,Paid Impressions,Swipe Ups,2 Second Video Views\n2026-03-01T00:00:00-08:00,2026-03-02T00:00:00-08:00,Lens,1a2b3c4d-0000-4000-8000-000000000001,USD,4.20,700,20,300\n',
    { spend: '4.2', clicks: '20', video_views: '300', date_start: '2026-03-01' },
  ],
  [
    'reddit',
    'Date,Campaign Name,Campaign ID,Amount Spent (USD),Impressions,Clicks,eCPM,Upvotes\n2026-03-01,Talk,t6_abc,2.00,500,7,4.00,1\n',
    { spend: '2', impressions: '500', clicks: '7', object_key: 't6_abc' },
  ],
  [
    'x',
    'Time period,Campaign name,Campaign ID,Funding source name,Objective,Spend,Impressions,Clicks,Link clicks,Post engagements\n2026-03-01,News,f1a2b,Card,Reach,6.00,800,12,5,30\n',
    { spend: '6', clicks: '12', link_clicks: '5', object_key: 'f1a2b' },
  ],
];

describe('the mapping of each platform', () => {
  it('is there for the ten of them, with a rule of attribution where it is one for all', () => {
    expect(
      mappings()
        .map(({ platform }) => platform)
        .sort(),
    ).toEqual(['meta', ...SAMPLES.map(([platform]) => platform)].sort());
    const silent = mappings().filter(({ attributionRule }) => attributionRule === null);
    expect(silent.map(({ platform }) => platform)).toEqual(['meta']);
  });

  it.each(SAMPLES)('reads a sample of %s, known by its headers', (platform, content, expected) => {
    const file = understood(content);
    expect([file.mapping.platform, file.platformBy]).toEqual([platform, 'headers']);
    expect(recordsOf(file)[0]).toMatchObject(expected);
    expect(file.unknownHeaders).toEqual([]);
    expect(recordsOf(file)[0]).toHaveProperty('attribution_rule');
  });

  it('takes the total that fits and leaves out those of other things', () => {
    const [, content = ''] = SAMPLES[0] ?? [];
    expect(understood(content).totals).toEqual({ isFound: true, others: 1 });
  });
});

describe('answers of the APIs, saved as JSON', () => {
  it('has searchStream of Google, money in millionths and ids as text', () => {
    const answer = [
      {
        results: [
          {
            customer: {
              id: '1234567890',
              currencyCode: 'EUR',
              resourceName: 'customers/1234567890',
            },
            campaign: { id: '19700000001', name: 'Search', resourceName: 'x' },
            metrics: {
              costMicros: '1234567',
              impressions: '100',
              clicks: '7',
              conversions: 1.5,
              conversionsValue: 20.25,
            },
            segments: { date: '2026-03-01' },
          },
        ],
        fieldMask: 'x',
        requestId: 'y',
      },
      {
        results: [
          {
            customer: { id: '1234567890' },
            campaign: { id: '19700000002' },
            metrics: { costMicros: '5', impressions: '1' },
            segments: { date: '2026-03-02' },
          },
        ],
      },
    ];
    const file = understood(JSON.stringify(answer));
    expect(file.mapping.platform).toBe('google');
    expect(file.accounts.map(({ accountId }) => accountId)).toEqual(['1234567890']);
    expect(file.sums.get('spend')).toBe('1.234572');
    expect(recordsOf(file)).toMatchObject([
      {
        spend: '1.234567',
        conversions: '1.5',
        conversion_value: '20.25',
        campaign_id: '19700000001',
      },
      { spend: '0.000005', impressions: '1', date_start: '2026-03-02' },
    ]);
  });

  it('has report/integrated/get of TikTok, numbers as text or as numbers, large ids whole', () => {
    const text = `{"code":0,"message":"OK","data":{"page_info":{"page":1},"list":[
      {"dimensions":{"ad_id":1714125051115569,"stat_time_day":"2026-03-01 00:00:00"},"metrics":{"spend":"20.00","impressions":5830,"clicks":"69","campaign_id":7002238017842757633}},
      {"dimensions":{"ad_id":"1714125051115570","stat_time_day":"2026-03-01 00:00:00"},"metrics":{"spend":1.5e1,"impressions":"10","clicks":0}}]}}`;
    expect(imported(text)).toMatchObject([
      {
        object_key: '1714125051115569',
        spend: '20',
        campaign_id: '7002238017842757633',
        level: 'ad',
      },
      { object_key: '1714125051115570', spend: '15', impressions: '10', clicks: '0' },
    ]);
  });

  it('has reports of Amazon, packed or not', () => {
    const rows = [
      {
        date: '2026-03-01',
        campaignId: 158410630682987,
        campaignName: 'Brand',
        impressions: 10,
        clicks: 1,
        cost: 0.45,
        purchases14d: 1,
        sales14d: 19.99,
      },
    ];
    const packed = understood(gzipSync(JSON.stringify(rows)));
    expect([packed.mapping.platform, packed.layout.format]).toEqual(['amazon', 'json']);
    expect(recordsOf(packed)).toEqual(imported(JSON.stringify(rows)));
    expect(recordsOf(packed)[0]).toMatchObject({
      object_key: '158410630682987',
      spend: '0.45',
      conversion_value: '19.99',
    });
  });

  it('has insights of Meta', () => {
    const data = [
      {
        account_id: '1',
        campaign_id: '2',
        campaign_name: 'A',
        spend: '1.10',
        impressions: '9',
        inline_link_clicks: '3',
        date_start: '2026-03-01',
        date_stop: '2026-03-01',
      },
    ];
    const file = understood(JSON.stringify({ data, paging: {} }));
    expect([file.mapping.platform, file.accounts[0]?.accountId]).toEqual(['meta', '1']);
    expect(recordsOf(file)[0]).toMatchObject({ spend: '1.1', link_clicks: '3', object_key: '2' });
  });
});

describe('headers that several platforms have', () => {
  const content = 'date,campaign,impressions,clicks,cost\n2026-03-01,A,10,1,2.00\n';

  it('need --as, a column that names the channel, or a file that is named after it', () => {
    expect(() => understood(content)).toThrow('The headers do not tell whose export it is');
    expect(understood(content, { as: 'tiktok' }).platformBy).toBe('option');
    expect(understood(content, {}, 'bing-2026.csv').mapping.platform).toBe('microsoft');
    const withChannel =
      'date,channel,campaign,impressions,clicks,cost\n2026-03-01,Google Ads,A,10,1,2.00\n';
    expect(understood(withChannel)).toMatchObject({ platformBy: 'a column' });
  });
});

describe('figures and dates that can be read two ways', () => {
  const head = 'Campaign name;Ad set name;Day;Amount spent (EUR);Impressions';

  it('are refused, and settled by --locale', () => {
    const content = `${head}\nA;B;2026-03-01;1.234;10\n`;
    expect(() => understood(content)).toThrow('can be read two ways: in 1.234 the point');
    expect(imported(content, { locale: 'de-DE' })[0]).toMatchObject({ spend: '1234' });
    expect(imported(content, { locale: 'en-US' })[0]).toMatchObject({ spend: '1.234' });
    const dates = `${head}\nA;B;03/04/2026;1,50;10\n`;
    expect(() => understood(dates)).toThrow('in 03/04/2026 the day or the month may come first');
    expect(imported(dates, { locale: 'fr-FR' })[0]).toMatchObject({ date_start: '2026-04-03' });
    expect(imported(dates, { locale: 'en-US' })[0]).toMatchObject({ date_start: '2026-03-04' });
  });

  it('are settled by any other cell of the column, and by counts, which have no decimals', () => {
    const content = `${head}\nA;B;03/04/2026;1.234;1.234\nA;B;13/04/2026;1.234,5;10\n`;
    expect(imported(content)[0]).toMatchObject({
      spend: '1234',
      impressions: '1234',
      date_start: '2026-04-03',
    });
  });

  it('are refused when a column has them of both kinds', () => {
    const content = `${head}\nA;B;2026-03-01;1,50;10\nA;B;2026-03-02;1.50;10\n`;
    expect(() => understood(content)).toThrow('has figures of two kinds: 1.50 and 1,50');
  });
});
