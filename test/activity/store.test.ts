import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ActivityStore } from '../../src/activity/store.ts';
import { campaignActivity, explainActivity, listActivity } from '../../src/activity/view.ts';
import { type BatchHead, type CampaignScope, landBatch } from '../../src/landing/batch.ts';
import { datasetNamed } from '../../src/platforms/meta/named.ts';
import { openSqlite } from '../../src/sqlite.ts';
import { cacheFile, type Lake } from '../../src/zone.ts';
import { temporaryLake } from '../helpers/lake.ts';

const TODAY = '2026-03-20';

interface Landing {
  readonly name: string;
  readonly rows: readonly unknown[];
  readonly since?: string;
  readonly until?: string;
  readonly campaigns?: CampaignScope;
  readonly today?: string;
}

function land(lake: Lake, landing: Landing): void {
  const head: BatchHead = {
    dataset: landing.name,
    account_id: '1',
    object_id: null,
    source: 'api',
    scope: {
      since: landing.since ?? null,
      until: landing.until ?? null,
      campaigns: landing.campaigns ?? { kind: 'all' },
      complete: true,
    },
    today: landing.today ?? TODAY,
    api_version: 'v26.0',
    request: {},
    timezone: 'Europe/Berlin',
    currency: 'EUR',
  };
  const bytes = Buffer.from(JSON.stringify({ data: landing.rows }));
  const pages = [{ bytes, rows: landing.rows.length }];
  const now = `${landing.today ?? TODAY}T12:00:00.000Z`;
  landBatch(lake, datasetNamed(landing.name), { head, pages, now });
}

function day(campaign: string, date: string, impressions = '10'): object {
  return { campaign_id: campaign, date_start: date, impressions, spend: '0' };
}

const CAMPAIGN = {
  id: '7',
  name: 'Synthetic, "quoted"',
  effective_status: 'ACTIVE',
  created_time: '2026-01-05T09:00:00+0100',
  stop_time: '2026-03-01T00:00:00+0100',
};

function smallLake(): Lake {
  const lake = temporaryLake();
  land(lake, { name: 'campaigns', rows: [CAMPAIGN] });
  land(lake, {
    name: 'insights_campaign_day',
    since: '2026-02-01',
    until: '2026-03-19',
    rows: [day('7', '2026-03-05'), day('7', '2026-03-06'), day('7', '2026-03-09', '0')],
  });
  return lake;
}

function look(lake: Lake, now = `${TODAY}T12:00:00.000Z`) {
  const store = ActivityStore.open(lake);
  try {
    return campaignActivity(store, {
      lake,
      accountId: '1',
      today: TODAY,
      settings: { thresholdDays: 7 },
      now,
      ttlHours: 24,
    });
  } finally {
    store.close();
  }
}

function deliveryDays(lake: Lake): readonly string[] {
  return look(lake)[0]?.facts.deliveryDays ?? [];
}

describe('activity follows from landing:', () => {
  it('a row with neither impressions nor spend is no delivery', () => {
    expect(deliveryDays(smallLake())).toEqual(['2026-03-05', '2026-03-06']);
  });

  it('a later whole answer takes back what it asked about and did not get', () => {
    const lake = smallLake();
    look(lake);
    const window = { since: '2026-03-06', until: '2026-03-08' };
    land(lake, { name: 'insights_campaign_day', ...window, rows: [] });
    expect(deliveryDays(lake)).toEqual(['2026-03-05']);
  });

  it('an answer that left the campaign out takes nothing back', () => {
    const lake = smallLake();
    look(lake);
    const window = { since: '2026-03-01', until: '2026-03-19' };
    const campaigns = { kind: 'not_in', ids: ['7'] } as const;
    land(lake, { name: 'insights_campaign_day', ...window, campaigns, rows: [] });
    expect(deliveryDays(lake)).toEqual(['2026-03-05', '2026-03-06']);
  });

  it('an answer with a row that cannot be read takes nothing back', () => {
    const lake = smallLake();
    const window = { since: '2026-03-01', until: '2026-03-19' };
    const broken = { campaign_id: 7, date_start: '2026-03-06', impressions: '10' };
    land(lake, { name: 'insights_campaign_day', ...window, rows: [broken] });
    expect(deliveryDays(lake)).toEqual(['2026-03-05', '2026-03-06']);
  });
});

describe('the cache', () => {
  it('says the same when it grew, was rebuilt, was broken, or is gone', () => {
    const lake = smallLake();
    look(lake);
    land(lake, {
      name: 'insights_campaign_day',
      since: '2026-03-01',
      until: '2026-03-19',
      rows: [day('7', '2026-03-06'), day('8', '2026-03-15')],
    });
    const grown = look(lake);
    const path = cacheFile(lake, 'campaign_activity.db');
    expect(look(lake, '2027-01-01T00:00:00.000Z'), 'too old').toEqual(grown);
    writeFileSync(path, 'this is no database, and long enough to be taken for one'.repeat(100));
    expect(look(lake), 'broken').toEqual(grown);
    expect(readFileSync(`${path}.corrupt`, 'utf8')).toContain('no database');
    rmSync(path);
    expect(look(lake), 'gone').toEqual(grown);
    expect(grown.map(({ facts }) => facts.campaign_id)).toEqual(['7', '8']);
  });

  it('that speaks of answers which are no longer in landing is rebuilt', () => {
    const lake = smallLake();
    expect(look(lake).length).toBe(1);
    rmSync(`${lake.home}/zones`, { recursive: true });
    mkdirSync(`${lake.home}/zones`);
    expect(look(lake)).toEqual([]);
  });

  it('holds states and their history for people to look at', () => {
    const lake = smallLake();
    look(lake);
    const db = openSqlite(cacheFile(lake, 'campaign_activity.db'));
    expect(db.prepare('select * from campaign_activity').all()).toMatchObject([
      { campaign_id: '7', state: 'settling', since: '2026-03-14', stop_time: CAMPAIGN.stop_time },
    ]);
    expect(db.prepare('select day, state from activity_history order by day').all()).toEqual([
      { day: '2026-03-05', state: 'active' },
      { day: '2026-03-14', state: 'settling' },
    ]);
    db.close();
  });
});

describe('for people', () => {
  it('every campaign is listed with its state, and nothing is written', () => {
    const lake = smallLake();
    expect(listActivity(lake)).toMatchObject([
      {
        account_id: '1',
        campaign_id: '7',
        state: 'settling',
        since: '2026-03-14',
        last_delivery: '2026-03-06',
        inactive_days: 13,
      },
    ]);
    expect(listActivity(lake, ['2'])).toEqual([]);
    expect(existsSync(cacheFile(lake))).toBe(false);
  });

  it('a campaign is explained in words, with dates', () => {
    const lake = smallLake();
    const text = explainActivity(lake, '7', TODAY) ?? '';
    expect(text).toContain('is left out of the daily requests: it is settling since 2026-03-14');
    expect(text).toContain('7 complete days without impressions or spend since 2026-03-06');
    expect(text).toContain('on 2026-04-03');
    expect(text).toContain('Only delivery decides here.');
    expect(explainActivity(lake, '7', '2026-03-10')).toContain('is in the daily requests');
    expect(explainActivity(lake, '404', TODAY)).toBeNull();
  });
});
