import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { settingsOf } from '../../src/commands/report-sandbox.ts';
import {
  moneyText,
  REPORT_PLATFORMS,
  type ReportSandbox,
  reportDays,
  startReportSandbox,
} from '../../src/sandbox/reports/index.ts';
import { adlake } from '../helpers/command-line.ts';
import { keptLake } from '../helpers/lake.ts';

const TODAY = '2026-03-20';
const WINDOW = { since: '2026-03-17', until: '2026-03-19' };
const lake = keptLake();
const open: ReportSandbox[] = [];
let env: Readonly<Record<string, string>> = {};

beforeAll(async () => {
  for (const platform of REPORT_PLATFORMS) {
    open.push(await startReportSandbox({ platform, today: TODAY, reportPolls: 0 }));
  }
  const settings = open.map(settingsOf);
  env = Object.assign({ ADLAKE_FIRST_PULL_DAYS: '3', ADLAKE_LOOKBACK_DAYS: '3' }, ...settings);
});

afterAll(async () => {
  await Promise.all(open.map((one) => one.close()));
});

function run(...argv: readonly string[]) {
  return adlake([...argv, '--lake', lake.home], env);
}

function spendOf({ world }: ReportSandbox): string {
  const micros = world.accounts
    .flatMap(({ id }) => {
      const of = { accountId: id, level: 'campaign', window: WINDOW, today: TODAY } as const;
      return reportDays(world, of);
    })
    .reduce((sum, { costMicros }) => sum + costMicros, 0);
  return moneyText(micros);
}

async function spendByPlatform(): Promise<unknown> {
  const query =
    "select platform, min(source_relation) as source, cast(sum(spend) as varchar) as spend from ad_performance_day where date < '2026-03-20' group by platform order by platform";
  const { stdout } = await run('sql', query, '--json');
  return JSON.parse(stdout);
}

describe('platforms beside Meta', () => {
  it('are planned, pulled by a run and in the one table, without any of Meta', async () => {
    const planned = await run('plan', '--today', TODAY);
    expect(planned.stdout).toContain('To be asked: 20 questions.');
    const { exitCode, stdout } = await run('run', '--today', TODAY, '--json');
    expect(exitCode).toBe(0);
    const { extract, source } = JSON.parse(stdout) as {
      readonly source: string;
      readonly extract: { readonly batches: number; readonly accounts: readonly object[] };
    };
    expect({ source, batches: extract.batches }).toEqual({ source: 'sandbox', batches: 20 });
    expect(extract.accounts).toHaveLength(6);
    const rows = open.map((one) => ({
      platform: one.world.platform,
      source: `${one.world.platform}_api`,
      spend: `${spendOf(one)}0000`,
    }));
    expect(await spendByPlatform()).toEqual(
      rows.sort((left, right) => (left.platform < right.platform ? -1 : 1)),
    );
    const again = await run('plan', '--today', TODAY);
    expect(again.stdout).toContain('To be asked: nothing');
  });

  it('count before an export of the same days, unless told otherwise', async () => {
    const account = open[0]?.world.accounts[0]?.id ?? '';
    const file = join(lake.home, 'google-export.csv');
    writeFileSync(
      file,
      `Day,Campaign,Campaign ID,Customer ID,Currency code,Cost,Impr.,Clicks\n2026-03-18,Mine,7,${account},EUR,1.25,10,1\n`,
    );
    const before = await spendByPlatform();
    expect((await run('import', file, '--today', TODAY)).exitCode).toBe(0);
    expect(await spendByPlatform()).toEqual(before);
    const preferences = join(lake.home, 'zones/landing/internal/preferences/mine.csv');
    mkdirSync(dirname(preferences), { recursive: true });
    writeFileSync(preferences, 'name,subject,value\nprefer,google,exports\n');
    expect((await run('run', '--offline')).exitCode).toBe(0);
    const query = `select source_relation, cast(spend as varchar) as spend from ad_performance_day where account_id = '${account}' and date = '2026-03-18'`;
    const { stdout } = await run('sql', query, '--json');
    expect(JSON.parse(stdout)).toEqual([{ source_relation: 'google_export', spend: '1.250000' }]);
  });

  it('are named by doctor and status, and never with a secret', async () => {
    const doctor = await run('doctor');
    expect(doctor.stdout).toContain('2 accounts of Google Ads are pulled from');
    const status = await run('status', '--json', '--today', TODAY);
    expect(status.stdout).toContain('google_insights');
    for (const { secrets } of open) {
      expect(doctor.stdout + status.stdout).not.toContain(secrets.refreshToken);
    }
    const { TIKTOK_ACCESS_TOKEN: _left, ...lacking } = env;
    const broken = await adlake(['run', '--lake', lake.home], lacking);
    expect(broken.exitCode).toBe(78);
    expect(broken.stderr).toContain('TIKTOK_ACCESS_TOKEN');
    expect((await adlake(['doctor', '--lake', lake.home], lacking)).exitCode).toBe(1);
  });

  it('are pulled alone when an account or a dataset of theirs is chosen', async () => {
    const [, account] = open[1]?.world.accounts ?? [];
    const one = await run(
      'plan',
      '--today',
      '2026-03-22',
      '--account',
      account?.id ?? '',
      '--json',
    );
    const { extract } = JSON.parse(one.stdout) as {
      readonly extract: { readonly accounts: readonly { readonly account_id: string }[] };
    };
    expect(extract.accounts.map(({ account_id }) => account_id)).toEqual([account?.id]);
    const unknown = await run('plan', '--account', '999');
    expect(unknown.exitCode).toBe(78);
  });
});
