import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../src/run-record.ts';
import { startSandbox } from '../../src/sandbox/index.ts';
import { adlake } from '../helpers/command-line.ts';
import { filesWithTimes } from '../helpers/files.ts';
import { keptLake, temporaryLake } from '../helpers/lake.ts';

/** A short history and few of the breakdowns, which are asked for alike, so that a run takes seconds. */
const SHORT = {
  META_FIRST_PULL_DAYS: '9',
  META_DATASETS: [
    ...['-insights_ad_set_day', '-insights_age_gender_day', '-insights_region_day'],
    ...['-insights_placement_day', '-insights_device_day'],
  ].join(),
};

describe('adlake run without a token', () => {
  const lake = keptLake().home;
  const zones = join(lake, 'zones');
  const run = async (today: string, ...more: readonly string[]) => {
    const outcome = await adlake(
      ['run', '--lake', lake, '--today', today, '--json', ...more],
      SHORT,
    );
    return { ...outcome, record: JSON.parse(outcome.stdout) as RunRecord };
  };

  it('says that the data is synthetic, and ends with figures and a query to try', async () => {
    const { exitCode, stderr, record } = await run('2026-03-10');
    expect(exitCode).toBe(0);
    expect(stderr).toContain('ALL DATA IS SYNTHETIC');
    expect(stderr).toMatch(/spend [\d,]+\.\d\d EUR, [\d,.]+ purchases, ROAS [\d.]+/);
    expect(stderr).toMatch(/spend [\d,]+ JPY,/);
    expect(stderr).toContain('Every row is accounted for');
    expect(stderr).toContain(`npx adlake sql --lake ${lake} "select`);
    expect(record).toMatchObject({ exit_code: 0, source: 'sandbox', changes: null });
    expect(record.accounts).toHaveLength(3);
    expect(existsSync(join(lake, 'cache', 'runs', `${record.run_id}.json`))).toBe(true);
    expect(existsSync(join(lake, 'cache', 'lake.lock'))).toBe(false);
  });

  it('the query that it suggests works', async () => {
    const query =
      'select campaign_name, total_spend_usd, total_conversions, roas from metaads_campaigns_daily order by total_spend_usd desc limit 10';
    const { exitCode, stdout } = await adlake(['sql', '--lake', lake, '--json', query]);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toHaveLength(10);
  });

  it('again on the same day asks nothing and writes nothing', async () => {
    const before = filesWithTimes(zones);
    const { stderr, record } = await run('2026-03-10');
    expect(stderr).toContain('Nothing was due: everything is up to date.');
    expect(record.extract).toMatchObject({ calls: 0, batches: 0 });
    expect(record.stages.map((stage) => stage.filesWritten)).toEqual([0, 0, 0]);
    expect(filesWithTimes(zones)).toEqual(before);
  });

  it('plan and --dry-run name what the next day would ask, and write nothing', async () => {
    const before = filesWithTimes(lake);
    const next = ['--lake', lake, '--today', '2026-03-11'];
    const plan = await adlake(['plan', ...next], SHORT);
    const dry = await adlake(['run', '--dry-run', ...next], SHORT);
    expect(plan.stdout).toMatch(/^To be asked: \d+ questions\./);
    expect(plan.stdout).toContain('To be done: 0 tasks');
    expect(dry.stdout).toBe(plan.stdout);
    expect(filesWithTimes(lake)).toEqual(before);
  });

  it('on the next day asks for the lookback and says what changed', async () => {
    const { stderr, record } = await run('2026-03-11');
    expect(stderr).toMatch(/Changed since the last run \(.+\), all days:/);
    expect(stderr).toMatch(/spend \+[\d,.]+ EUR, purchases \+\d+/);
    expect(record.extract?.batches).toBeGreaterThan(0);
    const rates = readFileSync(join(zones, 'landing/internal/fx_rates/sandbox.csv'), 'utf8');
    expect(rates).toContain('\n2026-02-03,EUR,');
    expect(rates).toContain('\n2026-03-11,EUR,');
  });

  it('a stage can be run alone for one account and dataset, any number of times', async () => {
    const argv = ['landing-to-raw', '--lake', lake, '--json', '--dataset', 'campaigns'];
    const { exitCode, stdout } = await adlake([...argv, '--account', 'act_9020417583920611']);
    const { stages } = JSON.parse(stdout) as RunRecord;
    expect(exitCode).toBe(0);
    expect(stages).toMatchObject([{ stage: 'landing-to-raw', tasks: 1, fresh: 1 }]);
  });

  it('status says which days there are and that nothing is behind', async () => {
    const argv = ['status', '--lake', lake, '--today', '2026-03-11', '--json'];
    const { stdout } = await adlake(argv);
    const { origin, holdings } = JSON.parse(stdout) as {
      origin: string;
      holdings: readonly { dataset: string; since: string; until: string; rows: number }[];
    };
    expect(origin).toBe('sandbox');
    expect(holdings.filter(({ dataset }) => dataset === 'insights_account_day')).toMatchObject(
      Array.from({ length: 3 }, () => ({
        since: '2026-02-11',
        until: '2026-03-10',
        rows: 28,
        days_behind: 0,
        warnings: [],
      })),
    );
  });

  it('status says how far it is behind two days later', async () => {
    const argv = ['status', '--lake', lake, '--today', '2026-03-13', '--dataset', 'ads'];
    expect((await adlake(argv)).stdout.match(/2 days behind/g)).toHaveLength(3);
  });

  it('activity says why a campaign is in or out', async () => {
    const list = await adlake(['activity', 'list', '--lake', lake, '--json']);
    const [line] = JSON.parse(list.stdout) as readonly { campaign_id: string }[];
    const id = line?.campaign_id ?? '';
    const { exitCode, stdout } = await adlake(['activity', 'explain', id, '--lake', lake]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(new RegExp(`^Campaign ${id} .+ daily requests`));
  });

  it('a token for real accounts is refused in this lake', async () => {
    const real = { META_ACCESS_TOKEN: 'hush', META_AD_ACCOUNT_ID: '1' };
    const { exitCode, stderr } = await adlake(['run', '--lake', lake], real);
    expect(exitCode).toBe(78);
    expect(stderr).toContain('holds synthetic data of the sandbox');
  });
});

describe('adlake run with a token', () => {
  it('pulls from the address it is given; one account that is refused stops no other', async () => {
    const sandbox = await startSandbox({ today: '2026-03-10', faults: ['permission'] });
    try {
      const lake = temporaryLake().home;
      const { exitCode, stdout, stderr } = await adlake(
        ['run', '--lake', lake, '--today', '2026-03-10', '--json', '--dataset', 'campaigns'],
        {
          ...SHORT,
          META_ACCESS_TOKEN: sandbox.token,
          META_AD_ACCOUNT_ID: sandbox.accountIds.join(','),
          META_API_BASE_URL: sandbox.url,
        },
      );
      const record = JSON.parse(stdout) as RunRecord & { error: { code: string } };
      expect(exitCode).toBe(77);
      expect(record).toMatchObject({ exit_code: 77, error: { code: 'PERMISSION_REFUSED' } });
      expect(record.extract?.accounts.filter((account) => account.error)).toHaveLength(1);
      expect(stderr).toContain('1 of 3 accounts could not be pulled completely');
      const landed = await adlake(['status', '--lake', lake, '--json', '--dataset', 'campaigns']);
      expect((JSON.parse(landed.stdout) as { holdings: unknown[] }).holdings).toHaveLength(2);
      const everything = stdout + stderr + JSON.stringify(record);
      expect(everything).not.toContain(sandbox.token);
    } finally {
      await sandbox.close();
    }
  });
});
