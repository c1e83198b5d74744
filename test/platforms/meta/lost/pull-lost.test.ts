import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Batch, listBatches } from '../../../../src/landing/batch.ts';
import { UNREADABLE_DAYS } from '../../../../src/platforms/meta/lost/lost-objects.ts';
import { datasetNamed } from '../../../../src/platforms/meta/named.ts';
import { type Sandbox, startSandbox } from '../../../../src/sandbox/index.ts';
import { addDays } from '../../../../src/window.ts';
import { cacheFile, type Lake } from '../../../../src/zone.ts';
import { foldLanding, pull, textsOf } from '../../../helpers/extract.ts';
import { temporaryLake } from '../../../helpers/lake.ts';

const TODAY = '2026-03-15';
const DATASETS = ['campaigns', 'ad_sets', 'ads', 'insights_campaign_day', 'insights_ad_day'];

async function pulled(sandbox: Sandbox, lake: Lake, today: string, datasets = DATASETS) {
  const accounts = sandbox.accountIds.slice(0, 1);
  const selection = { accounts, datasets };
  return pull(sandbox, { lake, today, firstPullDays: 4, selection });
}

function idsIn(lake: Lake, batches: readonly Batch[]): ReadonlySet<string> {
  const records = batches.flatMap((batch) => textsOf(lake, batch));
  return new Set(records.map((text) => String((JSON.parse(text) as { id: string }).id)));
}

describe('objects that insights are about and no list has', () => {
  it('are read by id; those that cannot be are named, and their figures stay', async () => {
    const faultRates = { 'deleted-object': 0.4 };
    const sandbox = await startSandbox({ today: TODAY, faultRates });
    const [accountId = ''] = sandbox.accountIds;
    const lake = temporaryLake();
    const summary = await pulled(sandbox, lake, TODAY);
    expect(summary.accounts[0]?.error).toBeUndefined();
    for (const [name, facts, field] of [
      ['campaigns', 'insights_campaign_day', 'campaign_id'],
      ['ads', 'insights_ad_day', 'ad_id'],
    ] as const) {
      const dataset = datasetNamed(name);
      const batches = listBatches(lake, dataset, accountId);
      const listed = idsIn(
        lake,
        batches.filter(({ scope }) => scope.complete),
      );
      const read = idsIn(
        lake,
        batches.filter(({ scope }) => !scope.complete),
      );
      const unread = batches
        .flatMap(({ scope }) => scope.missing ?? [])
        .flatMap((part) => part[name])
        .flatMap((scope) => (scope.kind === 'in' ? scope.ids : []));
      expect(read.size, name).toBeGreaterThan(0);
      expect(unread.length, name).toBeGreaterThan(0);
      const rows = [...foldLanding(lake, facts, accountId).values()];
      const about = new Set(rows.map(({ record }) => String(record[field])));
      expect(new Set([...listed, ...read, ...unread].filter((id) => about.has(id)))).toEqual(about);
      expect([...read, ...unread].filter((id) => listed.has(id))).toEqual([]);
    }
    await sandbox.close();
  });

  it('are asked for once; an unreadable one again after some days', async () => {
    const lake = temporaryLake();
    const accountBatches = (sandbox: Sandbox): readonly string[] =>
      listBatches(lake, datasetNamed('ads'), sandbox.accountIds[0] ?? '')
        .filter(({ scope }) => !scope.complete)
        .map(({ today }) => today);
    for (const days of [0, 1, UNREADABLE_DAYS]) {
      const today = addDays(TODAY, days);
      const sandbox = await startSandbox({ today, faultRates: { 'deleted-object': 0.4 } });
      await pulled(sandbox, lake, today);
      await pulled(sandbox, lake, today);
      const read = accountBatches(sandbox);
      expect(read.filter((day) => day === today).length).toBeLessThanOrEqual(1);
      if (days !== 1) expect(read).toContain(today);
      await sandbox.close();
    }
  });

  it('are looked for by the next pull when one ended before it came to that', async () => {
    const sandbox = await startSandbox({ today: TODAY, faultRates: { 'deleted-object': 0.4 } });
    const [accountId = ''] = sandbox.accountIds;
    const readIn = (lake: Lake) =>
      idsIn(
        lake,
        listBatches(lake, datasetNamed('ads'), accountId).filter(({ scope }) => !scope.complete),
      );
    const calm = temporaryLake();
    await pulled(sandbox, calm, TODAY);
    const lake = temporaryLake();
    await pulled(sandbox, lake, TODAY, ['insights_campaign_day', 'insights_ad_day']);
    const noted = readFileSync(cacheFile(lake, 'lost_objects.json'), 'utf8');
    expect(Object.keys(JSON.parse(noted)[accountId])).toEqual(['campaigns', 'ad_sets', 'ads']);
    await pulled(sandbox, lake, TODAY);
    expect(readIn(calm).size).toBeGreaterThan(0);
    expect(readIn(lake)).toEqual(readIn(calm));
    expect(readFileSync(cacheFile(lake, 'lost_objects.json'), 'utf8')).toBe('{}\n');
    await sandbox.close();
  });

  it('are not looked for when every list has its objects, and cost nothing then', async () => {
    const sandbox = await startSandbox({ today: TODAY });
    const lake = temporaryLake();
    const summary = await pulled(sandbox, lake, TODAY);
    const batches = listBatches(lake, datasetNamed('ads'), sandbox.accountIds[0] ?? '');
    expect(batches.length).toBe(1);
    expect(summary.calls).toBe(sandbox.requests());
    await sandbox.close();
  });
});
