import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contractAt } from '../../src/contract.ts';
import { listBatches, readPage } from '../../src/landing/batch.ts';
import { META_DATASETS } from '../../src/platforms/meta/datasets.ts';
import { datasetNamed } from '../../src/platforms/meta/named.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { type ExtractSummary, extract, planExtract } from '../../src/stages/api-to-landing.ts';
import { addDays } from '../../src/window.ts';
import { batchDir, type Lake } from '../../src/zone.ts';
import {
  allBatches,
  batchFile,
  extractInput,
  pagingOf,
  pull,
  textsOf,
} from '../helpers/extract.ts';
import { keptLake, temporaryLake } from '../helpers/lake.ts';

const TODAY = '2026-03-15';

function filesBelow(lake: Lake): readonly string[] {
  return readdirSync(lake.home, { recursive: true, encoding: 'utf8' })
    .map((name) => join(lake.home, name))
    .filter((path) => statSync(path).isFile())
    .sort();
}

describe('a first pull', () => {
  const lake = keptLake();
  let sandbox: Sandbox;
  let summary: ExtractSummary;

  beforeAll(async () => {
    sandbox = await startSandbox({ today: TODAY });
    const settings = { datasets: META_DATASETS.map(({ name }) => name) };
    summary = await pull(sandbox, { lake, today: TODAY, settings });
  });
  afterAll(() => sandbox.close());

  it('lands every dataset of every account and counts what it asked', () => {
    const batches = allBatches(lake, sandbox.accountIds);
    const landed = new Set(batches.map((batch) => `${batch.dataset} ${batch.account_id}`));
    expect(landed.size).toBe(META_DATASETS.length * sandbox.accountIds.length);
    expect(summary.calls).toBe(sandbox.requests());
    expect(summary.batches).toBe(batches.length);
    expect(summary.rows).toBe(
      batches.flatMap((batch) => batch.pages).reduce((sum, page) => sum + (page.rows ?? 0), 0),
    );
    expect(summary.accounts.map(({ currency, today, error }) => [currency, today, error])).toEqual([
      ['USD', TODAY, undefined],
      ['EUR', TODAY, undefined],
      ['JPY', TODAY, undefined],
    ]);
  });

  it('describes every batch by its contract, and asks for yesterday at the latest', () => {
    const contract = contractAt('landing/batch.schema.json');
    for (const batch of allBatches(lake, sandbox.accountIds)) {
      expect(contract.check(batchFile(lake, batch)), batch.batch_id).toEqual([]);
      expect((batch.scope.until ?? '') <= addDays(TODAY, -1)).toBe(true);
      expect(batch.scope).toMatchObject({ complete: true, campaigns: { kind: 'all' } });
      expect(batch.timezone).not.toBeNull();
    }
  });

  it('lands records that keep the contracts of raw, with no field that they do not know', () => {
    for (const batch of allBatches(lake, sandbox.accountIds)) {
      const contract = contractAt(`raw/${batch.dataset}.schema.json`);
      for (const text of textsOf(lake, batch)) {
        const record = JSON.parse(text) as Record<string, unknown>;
        expect(contract.check(record), batch.dataset).toEqual([]);
        expect(Object.keys(record).filter((name) => !(name in contract.properties))).toEqual([]);
      }
    }
  });

  it('covers every day of the first pull once', () => {
    for (const accountId of sandbox.accountIds) {
      const days = listBatches(lake, datasetNamed('insights_ad_day'), accountId)
        .map(({ scope }) => `${scope.since} ${scope.until}`)
        .sort();
      expect(days).toEqual(['2026-03-01 2026-03-07', '2026-03-08 2026-03-14']);
    }
  });

  it('writes the token into no file', () => {
    for (const path of filesBelow(lake)) {
      const text = readFileSync(path, 'latin1');
      expect(text.includes(sandbox.token), path).toBe(false);
      expect(text.includes('access_token='), path).toBe(false);
    }
  });

  it('asks nothing when it is run again on the same day', async () => {
    const before = sandbox.requests();
    const again = await pull(sandbox, { lake, today: TODAY });
    expect(sandbox.requests()).toBe(before);
    expect(again).toMatchObject({ calls: 0, batches: 0, rows: 0 });
    expect(again.accounts[0]).toMatchObject({ currency: 'USD', today: TODAY });
    const plan = planExtract(extractInput(sandbox, { lake, today: TODAY }));
    expect(plan.questions).toBe(0);
  });

  it('asks for a window that a person names, fresh or not', async () => {
    const selection = {
      since: '2026-03-02',
      until: '2026-03-03',
      accounts: [sandbox.accountIds[0] ?? ''],
      datasets: ['insights_country_day', 'pixel_events_hour'],
    };
    const named = await pull(sandbox, { lake, today: TODAY, selection });
    expect(named).toMatchObject({ calls: 1, batches: 1 });
    const last = listBatches(
      lake,
      datasetNamed('insights_country_day'),
      selection.accounts[0] ?? '',
    );
    expect(last.at(-1)?.scope).toMatchObject({ since: '2026-03-02', until: '2026-03-03' });
  });
});

describe('an extract', () => {
  it('plans exactly the questions that it asks, and writes nothing for it', async () => {
    const sandbox = await startSandbox({ today: TODAY });
    const lake = temporaryLake();
    const datasets = META_DATASETS.map((one) => one.name).slice(0, 10);
    const selection = { accounts: sandbox.accountIds.slice(0, 1), datasets };
    await pull(sandbox, { lake, today: addDays(TODAY, -1), selection, firstPullDays: 40 });
    const files = filesBelow(lake);
    const input = extractInput(sandbox, { lake, today: TODAY, selection, firstPullDays: 40 });
    const plan = planExtract(input);
    expect(filesBelow(lake)).toEqual(files);
    const done = await pull(sandbox, { lake, today: TODAY, selection, firstPullDays: 40 });
    expect(done.batches).toBe(plan.questions);
    await sandbox.close();
  });

  it('plans a first pull without knowing anything', () => {
    const sandbox = {
      url: 'http://127.0.0.1:1',
      token: 't',
      accountIds: ['1'],
    } as unknown as Sandbox;
    const plan = planExtract(extractInput(sandbox, { lake: temporaryLake(), today: TODAY }));
    expect(plan.accounts[0]).toMatchObject({ isFirstPull: true, timezone: null });
    expect(plan.accounts[0]?.questions.length).toBe(1 + 3 + 1 + 5 * 2 + 4 + 1);
    expect(plan.accounts[0]?.notes.join(' ')).toContain('First pull: the last 14 days.');
  });

  it('asks for the lookback the next day', async () => {
    const sandbox = await startSandbox({ today: '2026-03-16' });
    const lake = temporaryLake();
    const selection = {
      accounts: sandbox.accountIds.slice(0, 1),
      datasets: ['insights_account_day'],
    };
    await pull(sandbox, { lake, today: TODAY, firstPullDays: 40, selection });
    await pull(sandbox, { lake, today: '2026-03-16', firstPullDays: 40, selection });
    const dataset = datasetNamed('insights_account_day');
    const days = listBatches(lake, dataset, sandbox.accountIds[0] ?? '')
      .filter((batch) => batch.today === '2026-03-16')
      .map(({ scope }) => [scope.since, scope.until])
      .sort();
    expect(days).toEqual([['2026-02-16', '2026-03-15']]);
    await sandbox.close();
  });

  it('takes the day of each account from its own time zone, not from the machine', async () => {
    const sandbox = await startSandbox({});
    const lake = temporaryLake();
    const selection = { datasets: ['campaigns'] };
    const input = extractInput(sandbox, { lake, today: '2000-01-01', selection });
    const now = (): string => '2026-03-15T23:30:00.000Z';
    const summary = await extract({ ...input, today: null, now });
    expect(summary.accounts.map(({ today }) => today)).toEqual([
      '2026-03-15',
      '2026-03-16',
      '2026-03-16',
    ]);
    await sandbox.close();
  });

  it('gives the same answers with the cache deleted between runs', async () => {
    const sandbox = await startSandbox({ today: TODAY });
    const days = [addDays(TODAY, -2), addDays(TODAY, -1), TODAY];
    const datasets = ['campaigns', 'ads', 'insights_campaign_day', 'insights_ad_day', 'activities'];
    const selection = { accounts: sandbox.accountIds.slice(0, 1), datasets };
    const runs = [temporaryLake(), temporaryLake()];
    const asked: string[][] = [];
    for (const [index, lake] of runs.entries()) {
      for (const today of days) {
        await pull(sandbox, { lake, today, firstPullDays: 35, selection });
        if (index === 1) rmSync(join(lake.home, 'cache'), { recursive: true });
      }
      const scopes = allBatches(lake, sandbox.accountIds).map((batch) =>
        JSON.stringify([batch.dataset, batch.account_id, batch.today, batch.scope]),
      );
      asked.push(scopes.sort());
    }
    expect(asked[0]).toEqual(asked[1]);
    expect(asked[0]?.some((scope) => scope.includes('not_in'))).toBe(true);
    await sandbox.close();
  });

  it('asks again for an answer that has lost a page', async () => {
    const sandbox = await startSandbox({ today: TODAY });
    const lake = temporaryLake();
    const accountId = sandbox.accountIds[0] ?? '';
    const datasets = ['insights_account_day', 'campaigns'];
    const sketch = { lake, today: TODAY, selection: { accounts: [accountId], datasets } };
    await pull(sandbox, sketch);
    const dataset = datasetNamed('insights_account_day');
    const [first] = listBatches(lake, dataset, accountId);
    if (first === undefined) throw new Error('nothing has landed');
    rmSync(join(batchDir(lake, dataset, first), 'page-00001.json'));
    expect(await pull(sandbox, sketch)).toMatchObject({ calls: 1, batches: 1 });
    expect(listBatches(lake, dataset, accountId).at(-1)?.scope).toEqual(first.scope);
    await sandbox.close();
  });

  it('refuses an account that is not configured and a window that ends before it begins', async () => {
    const sandbox = await startSandbox({ today: TODAY });
    const lake = temporaryLake();
    const stranger = pull(sandbox, { lake, today: TODAY, selection: { accounts: ['42'] } });
    await expect(stranger).rejects.toMatchObject({ code: 'USAGE', exitCode: 78 });
    const selection = { since: '2026-03-05', until: '2026-03-04' };
    const backwards = pull(sandbox, { lake, today: TODAY, selection });
    await expect(backwards).rejects.toMatchObject({ code: 'USAGE' });
    await sandbox.close();
  });
});

describe('when the source is in trouble', () => {
  const undisturbed = keptLake();
  const calm = { datasets: ['campaigns', 'insights_placement_day'] };
  let expected: ExtractSummary;

  beforeAll(async () => {
    const sandbox = await startSandbox({ today: TODAY });
    expected = await pull(sandbox, {
      lake: undisturbed,
      today: TODAY,
      selection: calm,
      firstPullDays: 7,
    });
    await sandbox.close();
  });

  it.each([
    'transient',
    'html-500',
    'empty-503',
    'cut-body',
    'reset',
    'too-large',
    'cursor-invalid',
  ] as const)('%s costs time and loses no row', async (fault) => {
    const sandbox = await startSandbox({ today: TODAY, faults: [fault], faultRate: 0.3 });
    const lake = temporaryLake();
    const summary = await pull(sandbox, { lake, today: TODAY, selection: calm, firstPullDays: 7 });
    await sandbox.close();
    expect(summary.accounts.map(({ error }) => error)).toEqual([undefined, undefined, undefined]);
    expect(summary.rows).toBe(expected.rows);
    expect(summary.calls).toBeGreaterThanOrEqual(expected.calls);
  });

  it('pages whose paging carries the token land without it, and are otherwise as they came', async () => {
    const sandbox = await startSandbox({ today: TODAY, faults: ['too-large'], faultRate: 1 });
    const lake = temporaryLake();
    const selection = { datasets: ['insights_placement_day'] };
    await pull(sandbox, { lake, today: TODAY, selection, firstPullDays: 7 });
    await sandbox.close();
    const dataset = datasetNamed('insights_placement_day');
    const pages = sandbox.accountIds.flatMap((accountId) =>
      listBatches(lake, dataset, accountId).flatMap((batch) =>
        batch.pages.map((page) => readPage(lake, dataset, { batch, page }) ?? Buffer.alloc(0)),
      ),
    );
    const nexts = pages.map(pagingOf).filter((paging) => paging?.includes('"next"'));
    expect(nexts.length).toBeGreaterThan(3);
    expect(nexts.every((paging) => paging?.includes('limit=62'))).toBe(true);
    for (const page of pages) {
      expect(page.includes(sandbox.token)).toBe(false);
      expect(page.includes('access_token')).toBe(false);
    }
  });

  it('a refused token ends every account with a remedy, and lands nothing', async () => {
    const sandbox = await startSandbox({ today: TODAY, faults: ['expired-token'], faultRate: 1 });
    const lake = temporaryLake();
    const summary = await pull(sandbox, { lake, today: TODAY });
    for (const account of summary.accounts) {
      expect(account.error).toMatchObject({ code: 'TOKEN_REFUSED' });
      expect(account.error?.remedy).toContain('META_ACCESS_TOKEN');
      expect(JSON.stringify(account.error)).not.toContain(sandbox.token);
    }
    expect(existsSync(join(lake.home, 'zones'))).toBe(false);
    expect(summary.calls).toBe(3);
    await sandbox.close();
  });

  it('a missing permission ends that account and leaves the others alone', async () => {
    const sandbox = await startSandbox({ today: TODAY, faults: ['permission'] });
    const selection = { datasets: ['campaigns'] };
    const summary = await pull(sandbox, { lake: temporaryLake(), today: TODAY, selection });
    const codes = summary.accounts.map(({ error }) => error?.code ?? 'done');
    expect(codes.toSorted()).toEqual(['PERMISSION_REFUSED', 'done', 'done']);
    await sandbox.close();
  });

  it('never shows the token in the list of processes', async () => {
    const sandbox = await startSandbox({ today: TODAY });
    await pull(sandbox, { lake: temporaryLake(), today: TODAY, selection: { datasets: ['ads'] } });
    expect(
      execFileSync('ps', ['-ww', '-o', 'args=', '-p', String(process.pid)]).toString(),
    ).not.toContain(sandbox.token);
    await sandbox.close();
  });
});
