import { describe, expect, it } from 'vitest';
import { landBatch } from '../../../src/landing/batch.ts';
import { listWaiting, planExtract } from '../../../src/platforms/meta/extract-plan.ts';
import { datasetNamed } from '../../../src/platforms/meta/named.ts';
import { waitingText } from '../../../src/platforms/meta/waiting.ts';
import { turnOf } from '../../../src/platforms/meta/weekly.ts';
import { addDays, type Window } from '../../../src/window.ts';
import type { Lake } from '../../../src/zone.ts';
import { sandboxConfig } from '../../helpers/extract.ts';
import { temporaryLake } from '../../helpers/lake.ts';

const AD_DAY = 'insights_ad_day';
const CONFIG = sandboxConfig(
  { url: 'http://127.0.0.1:9', token: 'synthetic', accountIds: ['1', '2'] },
  { datasets: ['campaigns', 'insights_campaign_day', AD_DAY] },
);
/** The day after a turn of the first account's ads, so that six days go by before the next. */
const TODAY = addDays(
  turnOf({ config: CONFIG, accountId: '1', today: '2026-03-20' }, datasetNamed(AD_DAY)) ?? '',
  1,
);

function land(
  lake: Lake,
  accountId: string,
  of: { readonly name: string; readonly window: Window | null; readonly rows: number },
): void {
  const identity = { id: `act_${accountId}`, currency: 'EUR', timezone_name: 'UTC' };
  landBatch(lake, datasetNamed(of.name), {
    head: {
      dataset: of.name,
      account_id: accountId,
      object_id: null,
      source: 'api',
      scope: {
        since: of.window?.since ?? null,
        until: of.window?.until ?? null,
        campaigns: { kind: 'all' },
        complete: true,
      },
      today: addDays(TODAY, -1),
      api_version: 'v26.0',
      request: {},
      timezone: 'UTC',
      currency: 'EUR',
    },
    pages: [{ bytes: Buffer.from(JSON.stringify(identity)), rows: of.rows }],
    now: `${addDays(TODAY, -1)}T12:00:00.000Z`,
  });
}

/** Two accounts of which everything was asked for yesterday: many rows by ad in one, few in the other. */
function pulledLake(): Lake {
  const lake = temporaryLake();
  const window = { since: addDays(TODAY, -40), until: addDays(TODAY, -2) };
  for (const [accountId, rows] of [['1', 3900] as const, ['2', 390] as const]) {
    land(lake, accountId, { name: 'ad_accounts', window: null, rows: 1 });
    land(lake, accountId, { name: 'insights_campaign_day', window, rows });
    land(lake, accountId, { name: AD_DAY, window, rows });
  }
  return lake;
}

const AT = { config: CONFIG, selection: {}, today: TODAY };
const NOW = `${TODAY}T12:00:00.000Z`;

describe('what waits for its day of the week', () => {
  const waiting = {
    dataset: AD_DAY,
    window: { since: addDays(TODAY, -28), until: addDays(TODAY, -8) },
    asked_on: addDays(TODAY, 6),
  };

  it('is told before a pull, and at any time, of accounts that have many rows', () => {
    const lake = pulledLake();
    const { accounts } = planExtract({ ...AT, lake, now: () => NOW, firstPullDays: 14 });
    expect(accounts.map((one) => one.waiting)).toEqual([[waiting], []]);
    const asked = accounts.map(({ questions }) =>
      questions.filter(({ dataset }) => dataset === AD_DAY).map(({ window }) => window?.since),
    );
    expect(asked[0]).toEqual([addDays(TODAY, -7)]);
    expect(asked[1]?.sort()[0]).toBe(addDays(TODAY, -28));
    expect(listWaiting({ ...AT, lake, now: NOW })).toEqual([
      { account_id: '1', waiting: [waiting] },
    ]);
  });

  it('is nothing on the day itself, where a person wants all of it daily, or names the days', () => {
    const lake = pulledLake();
    const now = NOW;
    const waitingAt = (more: Partial<typeof AT>) => listWaiting({ ...AT, lake, now, ...more });
    expect(waitingAt({ today: addDays(waiting.asked_on, -1) }).length).toBe(1);
    expect(waitingAt({ today: waiting.asked_on })).toEqual([]);
    expect(waitingAt({ config: { ...CONFIG, detailDays: 28 } })).toEqual([]);
    expect(waitingAt({ config: { ...CONFIG, enableActivityFiltering: false } })).toEqual([]);
    expect(waitingAt({ selection: { since: waiting.window.since } })).toEqual([]);
    expect(waitingAt({ selection: { accounts: ['2'] } })).toEqual([]);
  });

  it('is put in words by the day on which it is asked for, the next first', () => {
    expect(waitingText([])).toBeNull();
    const later = { dataset: 'ad_creatives', window: null, asked_on: '2026-03-30' };
    const window = { since: '2026-02-20', until: '2026-03-12' };
    const next = { window, asked_on: '2026-03-26' };
    const ones = [
      later,
      { dataset: AD_DAY, ...next },
      { dataset: 'insights_country_day', ...next },
    ];
    expect(waitingText(ones)).toBe(
      'Old details wait for their day of the week: insights_ad_day, insights_country_day of 2026-02-20 to 2026-03-12 until 2026-03-26; ad_creatives until 2026-03-30.',
    );
  });
});
