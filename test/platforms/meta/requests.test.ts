import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { META_DATASETS } from '../../../src/platforms/meta/datasets.ts';
import {
  AD_SET_STATUSES,
  AD_STATUSES,
  ATTRIBUTION_WINDOWS,
  CAMPAIGN_STATUSES,
  fieldsOf,
} from '../../../src/platforms/meta/fields.ts';
import { datasetNamed } from '../../../src/platforms/meta/named.ts';
import { describeQuery, type Question, queryOf } from '../../../src/platforms/meta/requests.ts';

function question(name: string, more: Partial<Question> = {}): Question {
  return {
    dataset: datasetNamed(name),
    accountId: '1',
    objectId: null,
    window: { since: '2026-03-01', until: '2026-03-07' },
    campaigns: { kind: 'all' },
    timezone: null,
    ...more,
  };
}

describe('a request for insights', () => {
  it('asks for days, both ends inclusive, with every attribution window', () => {
    const { path, params } = queryOf(question('insights_age_gender_day'));
    expect(path).toBe('act_1/insights');
    expect(params).toMatchObject({
      level: 'campaign',
      time_increment: '1',
      time_range: '{"since":"2026-03-01","until":"2026-03-07"}',
      breakdowns: 'age,gender',
      limit: '500',
      action_attribution_windows: '["1d_click","7d_click","28d_click","1d_view","1d_ev","default"]',
    });
    expect(params.filtering).toBeUndefined();
  });

  it.each([
    ['insights_campaign_day', 'campaign', CAMPAIGN_STATUSES],
    ['insights_country_day', 'campaign', CAMPAIGN_STATUSES],
    ['insights_ad_set_day', 'adset', AD_SET_STATUSES],
    ['insights_ad_day', 'ad', AD_STATUSES],
  ] as const)(
    'that filters names every status, or Meta hides some: %s',
    (name, level, statuses) => {
      const { params } = queryOf(
        question(name, { campaigns: { kind: 'not_in', ids: ['7', '8'] } }),
      );
      expect(JSON.parse(params.filtering ?? '')).toEqual([
        { field: 'campaign.id', operator: 'NOT_IN', value: ['7', '8'] },
        { field: `${level}.effective_status`, operator: 'IN', value: statuses },
      ]);
    },
  );

  it('is kept with the batch without the lists of ids, which are its scope', () => {
    const query = queryOf(question('insights_ad_day', { campaigns: { kind: 'in', ids: ['7'] } }));
    const kept = describeQuery(query);
    expect(JSON.stringify(kept)).not.toContain('"7"');
    expect(kept).toMatchObject({ path: 'act_1/insights', level: 'ad' });
    expect(kept.fields).toEqual(fieldsOf(datasetNamed('insights_ad_day')));
    expect(kept.time_range).toEqual({ since: '2026-03-01', until: '2026-03-07' });
  });

  it('names no breakdown among its fields', () => {
    for (const dataset of META_DATASETS) {
      if (dataset.request.kind !== 'insights') continue;
      const both = dataset.request.breakdowns.filter((name) => fieldsOf(dataset).includes(name));
      expect(both).toEqual([]);
    }
  });
});

describe('a request for pixel statistics', () => {
  const hours = (since: string, until: string, timezone: string): number => {
    const { params } = queryOf(
      question('pixel_events_hour', { objectId: '9', window: { since, until }, timezone }),
    );
    return (Number(params.end_time) - Number(params.start_time)) / 3600;
  };

  it('covers whole days of the account, whatever daylight saving does', () => {
    expect(hours('2026-03-08', '2026-03-08', 'America/Los_Angeles')).toBe(23);
    expect(hours('2026-10-25', '2026-10-25', 'Europe/Berlin')).toBe(25);
    expect(hours('2026-03-01', '2026-03-07', 'Asia/Kolkata')).toBe(168);
    const { path, params } = queryOf(
      question('pixel_events_hour', { objectId: '9', timezone: 'Asia/Tokyo' }),
    );
    expect(path).toBe('9/stats');
    expect(params).toMatchObject({ aggregation: 'event', start_time: '1772290800' });
  });
});

it('a request for entities names every status, or the edge hides some', () => {
  const statuses = (name: string): unknown =>
    JSON.parse(queryOf(question(name, { window: null })).params.effective_status ?? '');
  expect(statuses('campaigns')).toEqual(CAMPAIGN_STATUSES);
  expect(statuses('ad_sets')).toEqual(AD_SET_STATUSES);
  expect(statuses('ads')).toEqual(AD_STATUSES);
});

type Enums = Readonly<Record<string, readonly string[]>>;

const SDK = fileURLToPath(
  new URL('../../../../shared/reference/sdk-v26-fields-enums.json', import.meta.url),
);

describe.skipIf(!existsSync(SDK))("names agree with Meta's SDK 26.0.0", () => {
  const sdk = existsSync(SDK)
    ? (JSON.parse(readFileSync(SDK, 'utf8')) as Readonly<Record<string, Enums>>)
    : {};
  const nodes = {
    account: 'ad-account',
    campaigns: 'campaign',
    adsets: 'ad-set',
    ads: 'ad',
    adcreatives: 'ad-creative',
    customaudiences: 'custom-audience',
    customconversions: 'custom-conversion',
    adspixels: 'ads-pixel',
    activities: 'ad-activity',
    insights: 'ads-insights',
    pixel_stats: 'ads-pixel-stats-result',
  } as const;

  it.each(META_DATASETS.map((dataset) => [dataset.name, dataset] as const))('%s', (_, dataset) => {
    const { request } = dataset;
    const isListed = request.kind === 'entity' || request.kind === 'object';
    const node = nodes[isListed ? request.edge : request.kind];
    const known = sdk[node]?.Fields ?? [];
    expect(fieldsOf(dataset).filter((name) => !known.includes(name))).toEqual([]);
  });

  it('statuses and windows', () => {
    const sorted = (list: readonly string[] | undefined) => [...(list ?? [])].sort();
    expect(sorted(CAMPAIGN_STATUSES)).toEqual(sorted(sdk.campaign?.EffectiveStatus));
    expect(sorted(AD_SET_STATUSES)).toEqual(sorted(sdk['ad-set']?.EffectiveStatus));
    expect(sorted(AD_STATUSES)).toEqual(sorted(sdk.ad?.EffectiveStatus));
    const windows = sdk['ads-insights']?.ActionAttributionWindows ?? [];
    expect(ATTRIBUTION_WINDOWS.filter((name) => !windows.includes(name))).toEqual([]);
  });
});
