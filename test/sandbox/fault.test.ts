import { describe, expect, test } from 'vitest';
import {
  FAULT_NAMES,
  type FaultName,
  type Sandbox,
  startSandbox,
} from '../../src/sandbox/index.ts';
import { type Asked, ask, type Json, rows, withSandbox } from './ask.ts';

const TODAY = '2026-03-20';
const codeOf = (answer: Asked) => (answer.json.error as Json | undefined)?.code;

/** Starts a sandbox in which every request has the fault, as long as it may. */
function withFault(fault: FaultName, body: (sandbox: Sandbox) => Promise<void>): Promise<void> {
  return withSandbox({ today: TODAY, faults: [fault], faultRate: 1 }, body);
}

const campaignsOf = (sandbox: Sandbox) => `act_${sandbox.accountIds[0]}/campaigns`;
const insightsOf = (sandbox: Sandbox) => `act_${sandbox.accountIds[0]}/insights`;

describe('a fault on a share of requests', () => {
  test.each([
    ['rate-limit-account', 400, 80004],
    ['transient', 503, 2],
    ['html-500', 500, undefined],
    ['empty-503', 503, undefined],
  ] as const)('%s answers %i, and the third attempt gets through', async (fault, status, code) => {
    await withFault(fault, async (sandbox) => {
      for (let attempt = 0; attempt < 2; attempt++) {
        const answer = await ask(sandbox, campaignsOf(sandbox));
        expect([answer.status, codeOf(answer)]).toEqual([status, code]);
      }
      expect((await ask(sandbox, campaignsOf(sandbox))).status).toBe(200);
    });
  });

  test('rate-limit-account says 80000 for insights, and that the account is free again at once', async () => {
    await withFault('rate-limit-account', async (sandbox) => {
      const answer = await ask(sandbox, insightsOf(sandbox));
      expect(codeOf(answer)).toBe(80000);
      const usage = answer.headers.get('x-business-use-case-usage') ?? '';
      expect(usage).toContain('"call_count":100');
      expect(usage).toContain('"estimated_time_to_regain_access":0');
    });
  });

  test.each(['cut-body', 'reset'] as const)(
    '%s breaks the answer, and the third attempt is whole',
    async (fault) => {
      await withFault(fault, async (sandbox) => {
        for (let attempt = 0; attempt < 2; attempt++) {
          const answer = ask(sandbox, campaignsOf(sandbox)).then((found) => JSON.parse(found.text));
          await expect(answer).rejects.toThrow();
        }
        expect((await ask(sandbox, campaignsOf(sandbox))).data.length).toBeGreaterThan(0);
      });
    },
  );

  test('cursor-invalid refuses a good cursor, and never a first page', async () => {
    await withFault('cursor-invalid', async (sandbox) => {
      const first = await ask(sandbox, insightsOf(sandbox), { level: 'ad', limit: 5 });
      expect(first.status).toBe(200);
      expect(
        codeOf(await ask(sandbox, insightsOf(sandbox), { level: 'ad', limit: 5, after: 'NAZDZD' })),
      ).toBe(2642);
    });
  });

  test('slow answers late, and right', async () => {
    await withFault('slow', async (sandbox) => {
      const begun = performance.now();
      expect((await ask(sandbox, campaignsOf(sandbox))).status).toBe(200);
      expect(performance.now() - begun).toBeGreaterThan(900);
    });
  });

  test('a share of 0.2 falls on about one request in five, and the same ones every time', async () => {
    const failures = async () => {
      const found: number[] = [];
      await withSandbox({ today: TODAY, faults: ['transient'] }, async (sandbox) => {
        for (let limit = 1; limit <= 100; limit++) {
          if ((await ask(sandbox, campaignsOf(sandbox), { limit })).status !== 200)
            found.push(limit);
        }
      });
      return found;
    };
    const first = await failures();
    expect(first.length).toBeGreaterThan(8);
    expect(first.length).toBeLessThan(35);
    expect(await failures()).toEqual(first);
  });
});

describe('a fault that stays', () => {
  test('expired-token refuses every request with 190 and subcode 463', async () => {
    await withFault('expired-token', async (sandbox) => {
      for (let attempt = 0; attempt < 5; attempt++) {
        const answer = await ask(sandbox, 'me/adaccounts');
        expect(answer.json.error).toMatchObject({ code: 190, error_subcode: 463 });
      }
    });
  });

  test('permission refuses one account and all it holds, and only that one', async () => {
    await withSandbox({ today: TODAY, faults: ['permission'] }, async (sandbox) => {
      const codes: unknown[] = [];
      for (const id of sandbox.accountIds) {
        const answer = await ask(sandbox, `act_${id}/insights`);
        codes.push(answer.status === 200 ? 200 : [answer.status, codeOf(answer)]);
      }
      expect(codes).toEqual([200, [403, 200], 200]);
    });
  });

  test('too-large refuses pages over 100 until the client asks for less', async () => {
    await withSandbox({ today: TODAY, faults: ['too-large'] }, async (sandbox) => {
      for (let attempt = 0; attempt < 4; attempt++) {
        const answer = await ask(sandbox, insightsOf(sandbox), { limit: 101 });
        expect([answer.status, codeOf(answer)]).toEqual([500, 1]);
      }
      expect((await ask(sandbox, insightsOf(sandbox), { limit: 100 })).status).toBe(200);
    });
  });
});

describe('a fault in the data', () => {
  const params = {
    level: 'ad',
    time_range: { since: '2026-03-10', until: '2026-03-12' },
    limit: 20,
  };
  const clean = async () => {
    let found: readonly Json[] = [];
    await withSandbox({ today: TODAY }, async (sandbox) => {
      found = await rows(sandbox, `act_${sandbox.accountIds[0]}`, params);
    });
    return found;
  };
  const spoiled = async (fault: FaultName) => {
    let found: readonly Json[] = [];
    await withSandbox({ today: TODAY, faults: [fault], faultRate: 0.5 }, async (sandbox) => {
      found = await rows(sandbox, `act_${sandbox.accountIds[0]}`, params);
    });
    return found;
  };

  test('duplicate-page repeats rows of the page before, and loses none', async () => {
    const rowsOf = (list: readonly Json[]) => list.map((row) => JSON.stringify(row));
    const [good, bad] = [rowsOf(await clean()), rowsOf(await spoiled('duplicate-page'))];
    expect(bad.length).toBeGreaterThan(good.length);
    expect(new Set(bad)).toEqual(new Set(good));
  });

  test('new-field puts an unknown field into some rows', async () => {
    const strange = (await spoiled('new-field')).filter((row) => 'synthetic_new_metric' in row);
    expect(strange.length).toBeGreaterThan(0);
    expect(strange.length).toBeLessThan((await clean()).length);
  });

  test('wrong-type sends some ids as numbers and some amounts with a decimal comma', async () => {
    const found = await spoiled('wrong-type');
    expect(found.some((row) => typeof row.ad_id === 'number')).toBe(true);
    expect(found.some((row) => row.spend === '12,30')).toBe(true);
    expect(found.some((row) => typeof row.ad_id === 'string' && row.spend !== '12,30')).toBe(true);
  });
});

test('a fault that does not exist is refused with the names of those that do', async () => {
  const started = startSandbox({ faults: ['lightning' as FaultName] });
  await expect(started).rejects.toMatchObject({
    code: 'USAGE',
    remedy: expect.stringContaining('html-500'),
  });
  await expect(startSandbox({ faultRate: 2 })).rejects.toMatchObject({ code: 'USAGE' });
  expect(FAULT_NAMES).toHaveLength(21);
});
