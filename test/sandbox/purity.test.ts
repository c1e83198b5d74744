import { expect, test } from 'vitest';
import { ask, FIELDS, withSandbox } from './ask.ts';

const QUERY = {
  level: 'ad',
  fields: FIELDS,
  time_increment: 1,
  limit: 200,
  time_range: { since: '2026-03-01', until: '2026-03-20' },
};

/** Answers that together touch every part of the world, without the port that differs. */
async function answers(today: string, seed: number): Promise<string> {
  let text = '';
  await withSandbox({ today, seed }, async (sandbox) => {
    for (const id of sandbox.accountIds) {
      for (const [path, params] of [
        [`act_${id}/insights`, QUERY],
        [`act_${id}/insights`, { ...QUERY, level: 'campaign', breakdowns: 'country' }],
        [`act_${id}/campaigns`, { fields: 'id,name,effective_status,daily_budget,updated_time' }],
        [`act_${id}/ads`, { fields: 'id,name,creative{id,name}', limit: 100 }],
      ] as const) {
        text += (await ask(sandbox, path, params)).text.replaceAll(sandbox.url, 'URL');
      }
    }
  });
  return text;
}

test('the same request gets the same answer, twice and from two sandboxes', async () => {
  const first = await answers('2026-03-20', 1);
  expect(first.length).toBeGreaterThan(100_000);
  expect(await answers('2026-03-20', 1)).toBe(first);
});

test('the order of requests changes nothing', async () => {
  await withSandbox({ today: '2026-03-20' }, async (sandbox) => {
    const path = `act_${sandbox.accountIds[0]}/insights`;
    const before = (await ask(sandbox, path, QUERY)).text;
    await ask(sandbox, path, {
      ...QUERY,
      time_range: { since: '2025-06-01', until: '2026-03-20' },
    });
    await ask(sandbox, path, { ...QUERY, breakdowns: 'age' });
    expect((await ask(sandbox, path, QUERY)).text).toBe(before);
  });
});

test('another seed is another world, with the same accounts', async () => {
  await withSandbox({ today: '2026-03-20', seed: 1 }, async (one) => {
    await withSandbox({ today: '2026-03-20', seed: 2 }, async (two) => {
      expect(two.accountIds).toEqual(one.accountIds);
      expect(two.token).not.toBe(one.token);
      const ids = async (sandbox: typeof one) =>
        (await ask(sandbox, `act_${one.accountIds[0]}/campaigns`)).data.map((row) => row.id);
      expect(await ids(two)).not.toEqual(await ids(one));
    });
  });
});

test('without a day given, every account has its own day by the clock', async () => {
  await withSandbox({}, async (sandbox) => {
    const list = await ask(sandbox, 'me/adaccounts', { fields: 'account_id,timezone_name' });
    for (const account of list.data) {
      const day = new Intl.DateTimeFormat('en-CA', { timeZone: String(account.timezone_name) });
      const before = day.format(Date.now());
      const answer = await ask(sandbox, `act_${account.account_id}/insights`, {
        date_preset: 'today',
      });
      // The day may end while it is asked.
      expect([before, day.format(Date.now())]).toContain(answer.data[0]?.date_start);
    }
  });
});
