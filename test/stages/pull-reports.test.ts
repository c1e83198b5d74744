import { beforeAll, describe, expect, it } from 'vitest';
import { META_DATASETS } from '../../src/platforms/meta/datasets.ts';
import { type FaultName, type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import type { Lake } from '../../src/zone.ts';
import { foldLanding, pull } from '../helpers/extract.ts';
import { keptLake, temporaryLake } from '../helpers/lake.ts';

const INSIGHTS = META_DATASETS.filter(({ request }) => request.kind === 'insights').map(
  ({ name }) => name,
);
const FEW = ['insights_campaign_day', 'insights_age_gender_day'];
const TODAY = '2026-03-15';

/** Pulls one account, always as reports or never, and gives every record that is known then. */
async function pulled(
  sandbox: Sandbox,
  how: { readonly datasets: readonly string[]; readonly reportRows: number; readonly lake?: Lake },
): Promise<readonly string[]> {
  const { lake = temporaryLake() } = how;
  const [accountId = ''] = sandbox.accountIds;
  const selection = { datasets: how.datasets, accounts: [accountId] };
  const settings = { reportRows: how.reportRows };
  const asked = { lake, today: TODAY, firstPullDays: 9, selection, settings };
  const summary = await pull(sandbox, asked);
  expect(summary.accounts.map(({ error }) => error)).toEqual([undefined]);
  return recordsOf(lake, accountId, how.datasets);
}

function recordsOf(lake: Lake, accountId: string, names: readonly string[]): readonly string[] {
  return names
    .flatMap((name) =>
      [...foldLanding(lake, name, accountId)].map(([key, { text }]) => `${name} ${key} ${text}`),
    )
    .sort();
}

describe('insights that are asked for as reports', () => {
  const lakes = [keptLake(), keptLake()] as const;
  let expected: readonly string[];

  beforeAll(async () => {
    const sandbox = await startSandbox({ today: TODAY });
    expected = await pulled(sandbox, {
      datasets: INSIGHTS,
      reportRows: 1_000_000,
      lake: lakes[0],
    });
    const byReport = await pulled(sandbox, {
      datasets: INSIGHTS,
      reportRows: 0,
      lake: lakes[1],
    });
    expect(byReport).toEqual(expected);
    await sandbox.close();
  });

  it('bring the same records to the letter, and are many', () => {
    expect(expected.length).toBeGreaterThan(1000);
  });

  it.each<readonly FaultName[]>([
    ['job-failed'],
    ['job-stuck'],
    ['job-not-ready'],
    ['job-failed', 'job-stuck', 'job-not-ready', 'null-batch-entry', 'transient'],
  ])('lose no record to %j', async (...faults) => {
    const sandbox = await startSandbox({ today: TODAY, faults, faultRate: 0.3 });
    const wanted = expected.filter((line) => FEW.some((name) => line.startsWith(`${name} `)));
    expect(await pulled(sandbox, { datasets: FEW, reportRows: 0 })).toEqual(wanted);
    await sandbox.close();
  });
});
