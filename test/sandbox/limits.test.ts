import { describe, expect, test } from 'vitest';
import { accountAt } from '../../src/sandbox/account.ts';
import { dayOf } from '../../src/sandbox/calendar.ts';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { createUsageMeter } from '../../src/sandbox/usage-meter.ts';
import { worldOf } from '../../src/sandbox/world.ts';
import { worldSource } from '../../src/sandbox/world-source.ts';
import { type Asked, ask, type Json, post, withSandbox } from './ask.ts';

const TODAY = '2026-03-20';
const codeOf = (answer: Asked) => (answer.json.error as Json | undefined)?.code;
const scoreOf = (answer: Asked) =>
  JSON.parse(answer.headers.get('x-ad-account-usage') ?? '{}') as Json;
const account = (sandbox: Sandbox, index = 0) => `act_${sandbox.accountIds[index]}`;

/** Runs a body against a limited sandbox whose time only goes on when the body says so. */
function limited(
  limits: 'development' | 'standard',
  body: (sandbox: Sandbox, wait: (seconds: number) => void) => Promise<void>,
): Promise<void> {
  let now = 1000;
  const wait = (seconds: number) => {
    now += seconds * 1000;
  };
  const options = { today: TODAY, limits, clock: () => now };
  return withSandbox(options, (sandbox) => body(sandbox, wait));
}

async function calls(sandbox: Sandbox, count: number): Promise<readonly Asked[]> {
  const answers: Asked[] = [];
  for (let call = 0; call < count; call++) answers.push(await ask(sandbox, account(sandbox)));
  return answers;
}

describe('the score of an account', () => {
  test('blocks the 61st call at once in development, for 300 seconds', async () => {
    await limited('development', async (sandbox, wait) => {
      const first = await calls(sandbox, 60);
      expect(first.every((answer) => answer.status === 200)).toBe(true);
      expect(scoreOf(first[29] as Asked)).toMatchObject({
        acc_id_util_pct: 50,
        reset_time_duration: 0,
        ads_api_access_tier: 'development_access',
      });
      const refused = await ask(sandbox, account(sandbox));
      expect(refused.json.error).toMatchObject({ code: 17, error_subcode: 2446079 });
      expect(scoreOf(refused)).toMatchObject({ acc_id_util_pct: 100, reset_time_duration: 300 });
      wait(299);
      expect(codeOf(await ask(sandbox, account(sandbox)))).toBe(17);
      wait(1);
      expect((await ask(sandbox, account(sandbox))).status).toBe(200);
    });
  });

  test('leaks away, so that a slow client is never blocked', async () => {
    await limited('development', async (sandbox, wait) => {
      for (let call = 0; call < 150; call++) {
        wait(5);
        expect((await ask(sandbox, account(sandbox))).status).toBe(200);
      }
    });
  });

  test('of one account says nothing about another, and calls about nobody do not count', async () => {
    await limited('development', async (sandbox) => {
      await calls(sandbox, 61);
      expect((await ask(sandbox, account(sandbox, 1))).status).toBe(200);
      expect((await ask(sandbox, 'me')).status).toBe(200);
      expect((await ask(sandbox, account(sandbox))).status).toBe(400);
    });
  });

  test('counts every entry of a batch', async () => {
    await limited('development', async (sandbox) => {
      const entry = { method: 'GET', relative_url: account(sandbox) };
      const send = async () => {
        const answer = await post(sandbox, '', { batch: Array.from({ length: 40 }, () => entry) });
        return (answer.json as unknown as readonly Json[]).filter(({ code }) => code === 200)
          .length;
      };
      expect([await send(), await send(), await send()]).toEqual([40, 20, 0]);
    });
  });
});

test('the calls of an hour are limited by use case, and minutes say until when', () => {
  const world = { ...worldOf(worldSource({ seed: 1 }), accountAt(0), dayOf(TODAY)), ads: [] };
  let now = 0;
  const meter = createUsageMeter('development', () => now * 1000);
  const charge = (isInsights: boolean) => {
    now += 5;
    return meter.charge(world, isInsights);
  };
  for (let call = 0; call < 300; call++) expect(charge(false)?.refused).toBeUndefined();
  const refused = charge(false);
  expect(refused?.refused).toMatchObject({ code: 80004, subcode: 2446079 });
  expect([refused?.callPercent, refused?.regainMinutes]).toEqual([100, 35]);
  expect(charge(true)).toMatchObject({ refused: undefined, callPercent: 0, regainMinutes: 0 });
  now = 3600;
  expect(charge(false)?.refused).toBeUndefined();
});

test('without limits nothing is counted, and with those of full access a run is far from them', async () => {
  expect(
    createUsageMeter('off', () => 0).charge(
      worldOf(worldSource({ seed: 1 }), accountAt(0), 1),
      true,
    ),
  ).toBeUndefined();
  await limited('standard', async (sandbox) => {
    const answers = await calls(sandbox, 100);
    expect(scoreOf(answers[99] as Asked)).toMatchObject({
      acc_id_util_pct: 1,
      ads_api_access_tier: 'standard_access',
    });
  });
});
