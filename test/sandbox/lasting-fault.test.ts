import { describe, expect, test } from 'vitest';
import { sandboxTruth } from '../../src/sandbox/index.ts';
import { type Asked, ask, type Json, post, rows, withSandbox } from './ask.ts';

const TODAY = '2026-03-20';
const span = { since: '2026-02-20', until: '2026-03-19' };
const codeOf = (answer: Asked) => (answer.json.error as Json | undefined)?.code;
const errorOf = (answer: Asked) => (answer.json.error ?? {}) as Json;

describe('rate-limit-app', () => {
  test('answers code 4 for every account, and its headers say that it is the app', async () => {
    const options = { today: TODAY, faultRates: { 'rate-limit-app': 1 } };
    await withSandbox(options, async (sandbox) => {
      for (const id of sandbox.accountIds) {
        const insights = await ask(sandbox, `act_${id}/insights`);
        expect(errorOf(insights)).toMatchObject({ code: 4, error_subcode: 1504022 });
        expect(insights.headers.get('x-fb-ads-insights-throttle')).toContain(
          '"app_id_util_pct":100',
        );
        const list = await ask(sandbox, `act_${id}/campaigns`);
        expect([list.status, codeOf(list)]).toEqual([403, 4]);
        expect(list.headers.get('x-app-usage')).toContain('"call_count":100');
        expect(list.headers.get('x-ad-account-usage')).toContain('"acc_id_util_pct":3');
      }
    });
  });
});

describe('restated', () => {
  const figures = async (today: string, rate: number) => {
    let found: readonly Json[] = [];
    await withSandbox({ today, faultRates: { restated: rate } }, async (sandbox) => {
      found = await rows(sandbox, `act_${sandbox.accountIds[0]}`, {
        level: 'campaign',
        time_range: span,
      });
    });
    return found.map((row) => [row.date_start, row.campaign_id, row.spend, row.impressions]);
  };

  test('changes figures of days that are long settled otherwise, and none older than 27 days', async () => {
    const [calm, restated] = [await figures(TODAY, 0), await figures(TODAY, 0.5)];
    const changed = restated.filter((row, place) => row.join() !== calm[place]?.join());
    const age = (day: unknown) => (Date.parse(TODAY) - Date.parse(String(day))) / 86_400_000;
    expect(changed.some(([day]) => age(day) > 14)).toBe(true);
    expect(await figures('2026-04-16', 0.5)).toEqual(await figures('2026-04-16', 0));
  });

  test('is in the truth, when the truth is told of it', async () => {
    const share = 0.5;
    const truth = sandboxTruth({ today: TODAY, ...span, restatedShare: share });
    expect(truth).not.toEqual(sandboxTruth({ today: TODAY, ...span }));
    const [first] = truth;
    const found = (await figures(TODAY, share)).map((row) => row.join());
    const expected = truth
      .filter((row) => row.account_id === first?.account_id)
      .map((row) => [row.date, row.campaign_id, row.spend, row.impressions].join());
    expect(found.toSorted()).toEqual(expected.toSorted());
  });

  test('leaves ads and campaigns in agreement', async () => {
    await withSandbox({ today: TODAY, faultRates: { restated: 0.5 } }, async (sandbox) => {
      const sum = async (level: string) =>
        (await rows(sandbox, `act_${sandbox.accountIds[0]}`, { level, time_range: span }))
          .map((row) => Number(row.impressions))
          .reduce((total, count) => total + count, 0);
      expect(await sum('ad')).toBe(await sum('campaign'));
    });
  });
});

describe('deleted-object', () => {
  const statuses = JSON.stringify(['ACTIVE', 'PAUSED', 'ARCHIVED', 'DELETED', 'CAMPAIGN_PAUSED']);
  const options = { today: TODAY, faultRates: { 'deleted-object': 0.3 } };

  test('takes objects out of every list and leaves their insights', async () => {
    await withSandbox(options, async (sandbox) => {
      const account = `act_${sandbox.accountIds[0]}`;
      const params = { effective_status: statuses, limit: 500 };
      const listed = new Set(
        (await ask(sandbox, `${account}/ads`, params)).data.map(({ id }) => id),
      );
      const known = await rows(sandbox, account, { level: 'ad', time_range: span });
      const unlisted = new Set(known.map((row) => row.ad_id).filter((id) => !listed.has(id)));
      expect(listed.size).toBeGreaterThan(0);
      expect(unlisted.size).toBeGreaterThan(3);
      let calm: readonly Json[] = [];
      await withSandbox({ today: TODAY }, async (healthy) => {
        calm = await rows(healthy, account, { level: 'ad', time_range: span });
      });
      expect(known).toEqual(calm);
      const answers: string[] = [];
      for (const id of unlisted) {
        const found = await ask(sandbox, String(id), { fields: 'id,effective_status' });
        answers.push(String(found.json.effective_status ?? errorOf(found).error_subcode));
      }
      expect(new Set(answers)).toEqual(new Set(['DELETED', '33']));
    });
  });

  test('takes what is below an object with it', async () => {
    await withSandbox(options, async (sandbox) => {
      const account = `act_${sandbox.accountIds[0]}`;
      const params = { effective_status: statuses, limit: 500, fields: 'id,adset_id,campaign_id' };
      const ids = async (edge: string) =>
        new Set(
          (await ask(sandbox, `${account}/${edge}`, { ...params, fields: 'id' })).data.map(
            ({ id }) => id,
          ),
        );
      const [sets, campaigns] = [await ids('adsets'), await ids('campaigns')];
      const { data } = await ask(sandbox, `${account}/ads`, params);
      expect(data.every((ad) => sets.has(ad.adset_id) && campaigns.has(ad.campaign_id))).toBe(true);
    });
  });

  test('filters see such objects as deleted', async () => {
    await withSandbox(options, async (sandbox) => {
      const account = `act_${sandbox.accountIds[0]}`;
      const condition = { field: 'ad.effective_status', operator: 'IN', value: ['DELETED'] };
      const asked = { level: 'ad', time_range: span, filtering: [condition] };
      const found = await rows(sandbox, account, asked);
      expect(found.length).toBeGreaterThan(10);
    });
  });
});

describe('a rate of its own', () => {
  test('expired-token lets the token expire on the way, and it stays expired', async () => {
    const options = { today: TODAY, faultRates: { 'expired-token': 0.2 } };
    await withSandbox(options, async (sandbox) => {
      const codes: unknown[] = [];
      for (let request = 0; request < 40; request++) {
        codes.push(codeOf(await ask(sandbox, 'me/adaccounts')) ?? 200);
      }
      const first = codes.indexOf(190);
      expect(first).toBeGreaterThan(0);
      expect(codes.slice(0, first).every((code) => code === 200)).toBe(true);
      expect(codes.slice(first).every((code) => code === 190)).toBe(true);
    });
  });

  test('too-large refuses a share of lists: large pages of some, many days of others', async () => {
    const options = { today: TODAY, faultRates: { 'too-large': 0.6 } };
    await withSandbox(options, async (sandbox) => {
      const seen = new Set<unknown>();
      for (const level of ['account', 'campaign', 'adset', 'ad']) {
        for (const id of sandbox.accountIds) {
          const asked = { level, time_range: span };
          const path = `act_${id}/insights`;
          const large = await ask(sandbox, path, { ...asked, limit: 500 });
          seen.add(codeOf(large) ?? 200);
          if (codeOf(large) === 1) {
            expect((await ask(sandbox, path, { ...asked, limit: 100 })).status).toBe(200);
          }
        }
      }
      expect(seen).toEqual(new Set([1, 100, 200]));
    });
  });

  test('a fault can be named with and without a rate; a rate that is none is refused', async () => {
    await withSandbox(
      { today: TODAY, faults: ['slow'], faultRate: 0, faultRates: { transient: 1 } },
      async (sandbox) => {
        expect(codeOf(await ask(sandbox, `act_${sandbox.accountIds[0]}`))).toBe(2);
      },
    );
    const wrong = withSandbox({ faultRates: { transient: 1.5 } }, async () => {});
    await expect(wrong).rejects.toMatchObject({ code: 'USAGE' });
  });
});

describe('a limit on the values of one call', () => {
  const asked = { level: 'ad', time_range: span, time_increment: 1, fields: 'ad_id,spend,clicks' };

  test('refuses with 100 and subcode 1487534 until days, objects or fields are fewer', async () => {
    await withSandbox({ today: TODAY, dataLimit: 120 }, async (sandbox) => {
      const path = `act_${sandbox.accountIds[0]}/insights`;
      const refused = await ask(sandbox, path, asked);
      expect(errorOf(refused)).toMatchObject({ code: 100, error_subcode: 1487534 });
      const day = { since: span.until, until: span.until };
      expect((await ask(sandbox, path, { ...asked, time_range: day })).status).toBe(200);
      const one = { ...asked, fields: 'ad_id', level: 'account', time_range: span };
      expect((await ask(sandbox, path, one)).status).toBe(200);
    });
  });

  test('lets an asynchronous report fail with -3 and subcode 1504045', async () => {
    await withSandbox({ today: TODAY, dataLimit: 60, reportPolls: 1 }, async (sandbox) => {
      const path = `act_${sandbox.accountIds[0]}/insights`;
      const { report_run_id } = (await post(sandbox, path, asked)).json;
      await ask(sandbox, String(report_run_id));
      const run = (await ask(sandbox, String(report_run_id))).json;
      expect(run).toMatchObject({
        async_status: 'Job Failed',
        error_code: -3,
        error_subcode: 1504045,
      });
    });
  });
});

test('expired versions can be refused instead of being raised', async () => {
  await withSandbox({ today: TODAY, expiredVersions: 'refused' }, async (sandbox) => {
    const response = await fetch(`${sandbox.url}/v24.0/me?access_token=${sandbox.token}`);
    expect(((await response.json()) as { error: Json }).error.code).toBe(2635);
  });
});

test('a larger world has as many accounts and campaigns as it was told, and the share that is silent', async () => {
  const size = { accounts: 4, campaigns: 40, inactive: 0.6, on: TODAY };
  await withSandbox({ today: TODAY, size }, async (sandbox) => {
    expect(new Set(sandbox.accountIds).size).toBe(4);
    const counts: number[] = [];
    const active: number[] = [];
    for (const id of sandbox.accountIds) {
      const listed = await ask(sandbox, `act_${id}/campaigns`, { limit: 100, fields: 'id,name' });
      counts.push(listed.data.length);
      const week = { since: '2026-03-13', until: TODAY };
      const asked = { level: 'campaign', time_range: week, time_increment: 'all_days' };
      const found = await rows(sandbox, `act_${id}`, asked);
      active.push(found.filter((row) => row.impressions !== '0').length);
    }
    expect(counts).toEqual([10, 10, 10, 10]);
    expect(active).toEqual([4, 4, 4, 4]);
  });
});
