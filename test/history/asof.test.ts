import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import type { Lake } from '../../src/zone.ts';
import { adlake } from '../helpers/command-line.ts';
import { pull } from '../helpers/extract.ts';
import { keptLake, temporaryLake } from '../helpers/lake.ts';
import { fingerprints, pullAndRun, rowsOf } from '../helpers/world.ts';

const MADE = ['raw', 'staging', 'curated', 'quarantine'];
const SELECTION = {
  datasets: ['ad_accounts', 'campaigns', 'insights_campaign_day'],
};
const days = ['2026-11-17', '2026-11-18', '2026-11-20'] as const;
const [first, , last] = days;
const lake = keptLake();
const then = keptLake();
const sandboxes: Sandbox[] = [];

/** Everything that was made, but the views, which hold the folder they are in. */
function made(of: Lake): Readonly<Record<string, string>> {
  const files = Object.entries(fingerprints(of, MADE));
  return Object.fromEntries(files.filter(([path]) => !path.endsWith('views.sql')));
}

beforeAll(async () => {
  for (const today of days) {
    const sandbox = await startSandbox({ today });
    sandboxes.push(sandbox);
    const accounts = sandbox.accountIds.slice(0, 1);
    const sketch = { lake, today, firstPullDays: 10, selection: { ...SELECTION, accounts } };
    if (today === last) await pullAndRun(sandbox, sketch);
    else await pull(sandbox, sketch);
    if (today === first) await pullAndRun(sandbox, { ...sketch, lake: then });
  }
});

afterAll(() => Promise.all(sandboxes.map((sandbox) => sandbox.close())));

describe('adlake asof', () => {
  it('of today gives the tables of today, byte for byte', async () => {
    const out = join(temporaryLake().home, 'copy');
    const { exitCode } = await adlake(['asof', last, '--lake', lake.home, '--out', out]);
    expect(exitCode).toBe(0);
    expect(Object.keys(made({ home: out })).length).toBeGreaterThan(12);
    expect(made({ home: out })).toEqual(made(lake));
  });

  it('of an earlier day gives what a lake had that stopped on that day, byte for byte', async () => {
    const out = join(temporaryLake().home, 'copy');
    const before = fingerprints(lake, ['landing', ...MADE]);
    await adlake(['asof', first, '--lake', lake.home, '--out', out]);
    const sandboxRates = join('zones', 'landing', 'internal', 'fx_rates', 'sandbox.csv');
    expect(existsSync(join(out, sandboxRates))).toBe(true);
    const facts = (of: Lake) =>
      rowsOf(
        of,
        'select * exclude (usd_per_unit, fx_date, fx_note, spend_usd, purchase_value_usd) from campaign_day order by all',
      );
    expect(await facts({ home: out })).toEqual(await facts(then));
    expect(await facts({ home: out })).not.toEqual(await facts(lake));
    expect(fingerprints(lake, ['landing', ...MADE])).toEqual(before);
  });

  it('answers a question about that day and leaves nothing behind', async () => {
    const sql = 'select max(pulled_on)::varchar as day, count(*) > 0 as is_there from campaign_day';
    const told = await adlake(['asof', '2026-11-19', '--lake', lake.home, '--sql', sql, '--json']);
    expect(JSON.parse(told.stdout)).toEqual([{ day: '2026-11-18', is_there: true }]);
    expect(told.stderr).toMatch(
      /As of 2026-11-19: made from \d+ answers, \d+ younger ones left out/,
    );
    expect(readdirSync(join(lake.home, 'cache', 'asof'))).toEqual([]);
  });

  it('shows each account when nothing is asked, and only those that are chosen', async () => {
    const [account = ''] = sandboxes[0]?.accountIds ?? [];
    const told = await adlake(['asof', first, '--lake', lake.home, '--account', account]);
    const [head, ...rows] = told.stdout.trim().split('\n');
    expect(head).toBe(
      'account_id,account_name,currency,last_complete_day,settled_until,spend_28d,conversions_28d,purchase_value_28d,roas_28d',
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]).toContain(account);
  });

  it('says from which day on something was known', async () => {
    const told = await adlake(['asof', '2026-11-16', '--lake', lake.home]);
    expect(told.exitCode).toBe(78);
    expect(told.stderr).toContain('the first answer in landing was asked for on 2026-11-17');
  });

  it('writes nothing into a folder that is in use, nor into the lake', async () => {
    const used = temporaryLake().home;
    mkdirSync(join(used, 'mine'));
    writeFileSync(join(used, 'mine', 'file'), '');
    for (const out of [used, lake.home, join(lake.home, 'zones', 'curated', 'then')]) {
      const told = await adlake(['asof', last, '--lake', lake.home, '--out', out]);
      expect(told.exitCode).toBe(78);
      expect(told.stderr).toContain('Give --out a new folder outside of zones.');
    }
  });
});
