import { describe, expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { type Asked, ask, type Json, type Params, post, withSandbox } from './ask.ts';

const TODAY = '2026-03-20';
const ORDER: Params = {
  level: 'campaign',
  fields: 'campaign_id,spend,impressions,actions',
  time_range: { since: '2026-02-01', until: '2026-02-07' },
  time_increment: 1,
};
const errorOf = (answer: Asked) => answer.json.error as Json | undefined;
const insightsOf = (sandbox: Sandbox) => `act_${sandbox.accountIds[0]}/insights`;

async function order(sandbox: Sandbox, params: Params = ORDER): Promise<string> {
  const answer = await post(sandbox, insightsOf(sandbox), params);
  expect(answer.status, answer.text).toBe(200);
  expect(answer.json.report_run_id).toMatch(/^\d{16,}$/);
  return String(answer.json.report_run_id);
}

/** Polls until a run says anything final, at most 12 times. */
async function states(sandbox: Sandbox, run: string): Promise<readonly (readonly unknown[])[]> {
  const seen: (readonly unknown[])[] = [];
  for (let poll = 0; poll < 12; poll++) {
    const { json } = await ask(sandbox, run);
    seen.push([json.async_status, json.async_percent_completion]);
    if (['Job Completed', 'Job Failed', 'Job Skipped'].includes(String(json.async_status))) break;
  }
  return seen;
}

describe('a report', () => {
  test('goes from not started over started and running to completed, by polls', async () => {
    await withSandbox({ today: TODAY }, async (sandbox) => {
      expect(await states(sandbox, await order(sandbox))).toEqual([
        ['Job Not Started', 0],
        ['Job Started', 0],
        ['Job Running', 50],
        ['Job Running', 100],
        ['Job Completed', 100],
      ]);
    });
  });

  test('is complete at the first poll when it is told to be', async () => {
    await withSandbox({ today: TODAY, reportPolls: 0 }, async (sandbox) => {
      expect(await states(sandbox, await order(sandbox))).toEqual([['Job Completed', 100]]);
    });
  });

  test('has the rows of the same synchronous request, page by page', async () => {
    await withSandbox({ today: TODAY, reportPolls: 0 }, async (sandbox) => {
      const run = await order(sandbox);
      await ask(sandbox, run);
      const sync = await ask(sandbox, insightsOf(sandbox), { ...ORDER, limit: 1000 });
      const found: Json[] = [];
      for (let after: string | undefined = ''; after !== undefined; ) {
        const page: Asked = await ask(sandbox, `${run}/insights`, { limit: 7, after });
        found.push(...page.data);
        const paging = page.json.paging as { next?: string; cursors: { after: string } };
        if (paging.next !== undefined) expect(paging.next).toContain(`/v26.0/${run}/insights?`);
        after = paging.next === undefined ? undefined : paging.cursors.after;
      }
      expect(found.length).toBeGreaterThan(20);
      expect(found).toEqual(sync.data);
    });
  });

  test('is ordered by a form as by JSON', async () => {
    await withSandbox({ today: TODAY, reportPolls: 0 }, async (sandbox) => {
      const forms = await Promise.all(
        (['form', 'json'] as const).map(async (type) => {
          const run = await post(sandbox, insightsOf(sandbox), ORDER, type);
          await ask(sandbox, String(run.json.report_run_id));
          return (await ask(sandbox, `${run.json.report_run_id}/insights`)).data;
        }),
      );
      expect(forms[0]?.length).toBe(25);
      expect(forms[0]).toEqual(forms[1]);
    });
  });

  test('says whose it is, which days it is about and when it was done', async () => {
    await withSandbox({ today: TODAY, reportPolls: 0 }, async (sandbox) => {
      const run = await order(sandbox);
      const all = (await ask(sandbox, run)).json;
      expect(all).toMatchObject({
        id: run,
        account_id: sandbox.accountIds[0],
        date_start: '2026-02-01',
        date_stop: '2026-02-07',
        is_running: false,
      });
      expect(Number(all.time_completed)).toBeGreaterThanOrEqual(Number(all.time_ref));
      expect((await ask(sandbox, run, { fields: 'async_status' })).json).toEqual({
        id: run,
        async_status: 'Job Completed',
      });
      expect(errorOf(await ask(sandbox, run, { fields: 'foo' }))?.message).toContain('AdReportRun');
    });
  });

  test('cannot be read before it is completed: 2601 with subcode 1815107', async () => {
    await withSandbox({ today: TODAY }, async (sandbox) => {
      const run = await order(sandbox);
      expect(errorOf(await ask(sandbox, `${run}/insights`))).toMatchObject({
        code: 2601,
        error_subcode: 1815107,
      });
      await states(sandbox, run);
      expect((await ask(sandbox, `${run}/insights`)).status).toBe(200);
    });
  });

  test('is refused at once when its query is wrong, and no other edge can be posted to', async () => {
    await withSandbox({ today: TODAY }, async (sandbox) => {
      const wrong = await post(sandbox, insightsOf(sandbox), {
        ...ORDER,
        breakdowns: 'age,region',
      });
      expect(errorOf(wrong)).toMatchObject({ code: 100 });
      const write = await post(sandbox, `act_${sandbox.accountIds[0]}/campaigns`, { name: 'x' });
      expect(errorOf(write)?.message).toContain('Unsupported post request');
    });
  });

  test('is gone after 30 days', async () => {
    let today = TODAY;
    await withSandbox({ today: () => today, reportPolls: 0 }, async (sandbox) => {
      const run = await order(sandbox);
      today = '2026-04-19';
      expect((await ask(sandbox, run)).status).toBe(200);
      today = '2026-04-20';
      for (const path of [run, `${run}/insights`]) {
        expect(errorOf(await ask(sandbox, path))).toMatchObject({ code: 100, error_subcode: 33 });
      }
    });
  });

  test('is unknown to another sandbox, and ordered twice it is two', async () => {
    await withSandbox({ today: TODAY }, async (sandbox) => {
      const [one, two] = [await order(sandbox), await order(sandbox)];
      expect(one).not.toBe(two);
      await withSandbox({ today: TODAY }, async (other) => {
        expect(errorOf(await ask(other, two))).toMatchObject({ code: 100, error_subcode: 33 });
      });
    });
  });
});

describe('the faults of reports', () => {
  const withFault = (fault: 'job-failed' | 'job-stuck' | 'job-not-ready') => ({
    today: TODAY,
    faults: [fault],
    faultRate: 1,
    reportPolls: 2,
  });

  test('job-failed fails or skips a report with its reason, and spares the third order', async () => {
    const ends = new Set<unknown>();
    await withSandbox(withFault('job-failed'), async (sandbox) => {
      for (let day = 1; day <= 9; day++) {
        const since = `2026-02-0${day}`;
        const params = { ...ORDER, time_range: { since, until: since } };
        const run = await order(sandbox, params);
        await states(sandbox, run);
        const { json } = await ask(sandbox, run);
        ends.add(json.error_code ?? json.async_status);
        if (json.async_status === 'Job Failed') {
          expect([2490547, 1504045]).toContain(json.error_subcode);
          expect(json).toHaveProperty('error_user_msg');
        }
        expect(errorOf(await ask(sandbox, `${run}/insights`))).toMatchObject({ code: 2601 });
        await order(sandbox, params);
        const third = await order(sandbox, params);
        expect((await states(sandbox, third)).at(-1)).toEqual(['Job Completed', 100]);
      }
    });
    expect(ends).toEqual(new Set([-2, -3, 'Job Skipped']));
  });

  test('job-stuck stays at 0 %', async () => {
    await withSandbox(withFault('job-stuck'), async (sandbox) => {
      const seen = await states(sandbox, await order(sandbox));
      expect(seen).toHaveLength(12);
      expect(seen.at(-1)).toEqual(['Job Started', 0]);
    });
  });

  test('job-not-ready hides a new run once, and refuses two readings of a complete one', async () => {
    await withSandbox(withFault('job-not-ready'), async (sandbox) => {
      const run = await order(sandbox);
      expect(errorOf(await ask(sandbox, run))).toMatchObject({ code: 100, error_subcode: 33 });
      expect((await states(sandbox, run)).at(-1)).toEqual(['Job Completed', 100]);
      const read = () => ask(sandbox, `${run}/insights`);
      expect(errorOf(await read())).toMatchObject({ code: 2601, error_subcode: 1815107 });
      expect(errorOf(await read())).toMatchObject({ code: 2637 });
      expect((await read()).data).toHaveLength(25);
    });
  });
});
