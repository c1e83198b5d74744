import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { decodeCsv } from '../../src/csv.ts';
import { listBatches } from '../../src/landing/batch.ts';
import { datasetNamed } from '../../src/platforms/meta/named.ts';
import type { Lake } from '../../src/zone.ts';
import { pull, textsOf } from '../helpers/extract.ts';
import { temporaryLake } from '../helpers/lake.ts';
import {
  playRecording,
  type RecordedServer,
  type Recording,
  readRecording,
} from './recorded-server.ts';

type Json = Readonly<Record<string, unknown>>;

const folder = fileURLToPath(
  new URL('../../../shared/fixtures/graph-recordings/', import.meta.url),
);

/** Pulls some datasets of the recorded account from a server that plays the recording. */
async function pulled(
  server: RecordedServer,
  recording: Recording,
  of: { readonly datasets: readonly string[]; readonly days?: readonly [string, string] },
): Promise<Lake> {
  const lake = temporaryLake();
  const [since, until] = of.days ?? [];
  const source = { url: server.url, token: 'XXTOKENXX', accountIds: [recording.accountId] };
  const window = since === undefined || until === undefined ? {} : { since, until };
  const summary = await pull(source, {
    lake,
    today: '2017-10-04',
    firstPullDays: 3,
    selection: { datasets: of.datasets, ...window },
  });
  expect(summary.accounts[0]?.error).toBeUndefined();
  expect(server.unknown()).toEqual([]);
  return lake;
}

function landedIn(lake: Lake, name: string, accountId: string): readonly Json[] {
  return listBatches(lake, datasetNamed(name), accountId)
    .flatMap((batch) => textsOf(lake, batch))
    .map((text) => JSON.parse(text) as Json);
}

/** A table that the recorded extractor made of the same answers. */
function tableOf(
  path: string,
  columns: readonly string[],
): readonly Readonly<Record<string, string>>[] {
  return decodeCsv(readFileSync(`${folder}${path}`)).map((row) =>
    Object.fromEntries(columns.map((name, place) => [name, row[place] ?? ''])),
  );
}

describe.skipIf(!existsSync(folder))('recorded answers of the API (skipped when absent)', () => {
  it.each([
    ['campaigns', 'campaigns', 'ads/out/tables/campaigns/1507033519047'],
    ['ad_sets', 'adsets', 'ads/out/tables/adsets/1507033521606'],
    ['ads', 'ads', 'ads/out/tables/ads/1507033518092'],
  ])(
    'of %s are walked page by page, and land as the rows that were made of them',
    async (dataset, edge, table) => {
      const recording = readRecording(`${folder}recordings/ads.json`);
      const server = await playRecording(recording);
      const lake = await pulled(server, recording, { datasets: [dataset] });
      await server.close();
      const pages = recording.pages.get(edge) ?? [];
      expect(server.cursors(edge)).toEqual(pages.map((page) => page.cursor));
      expect(pages.length).toBeGreaterThan(2);
      const landed = landedIn(lake, dataset, recording.accountId);
      expect(landed).toEqual(pages.flatMap((page) => page.body.data as readonly Json[]));
      const made = tableOf(table, ['id', 'account', 'node', 'parent', 'name']);
      const named = (rows: readonly Json[]) => rows.map((row) => `${row.id} ${row.name}`).sort();
      expect(named(landed)).toEqual(named(made));
    },
  );

  it('of ads with insights in them are walked to the end, and land insight by insight', async () => {
    const recording = readRecording(`${folder}recordings/adsinsights.json`);
    const server = await playRecording(recording, { insights: 'ads' });
    const days = ['2017-10-01', '2017-10-03'] as const;
    const lake = await pulled(server, recording, { datasets: ['insights_ad_day'], days });
    await server.close();
    const pages = recording.pages.get('ads') ?? [];
    expect(pages).toHaveLength(64);
    expect(server.cursors('insights')).toEqual(pages.map((page) => page.cursor));
    const landed = landedIn(lake, 'insights_ad_day', recording.accountId);
    const columns = ['account', 'node', 'parent', 'list', 'type', 'value', 'ad', 'clicks'];
    const made = tableOf('adsinsights/out/tables/ads_insights/1507033655209', [
      ...columns,
      ...['since', 'until', 'impressions', 'reach', 'spend'],
    ]);
    const facts = (row: Json, list: string, action: Json) =>
      [
        row.ad_id,
        row.date_start,
        row.spend,
        row.reach,
        list,
        action.action_type,
        action.value,
      ].join();
    const flat = landed.flatMap((row) =>
      Object.entries(row).flatMap(([list, value]) =>
        Array.isArray(value) ? value.map((action: Json) => facts(row, list, action)) : [],
      ),
    );
    expect(flat.toSorted()).toEqual(
      made
        .map((row) =>
          [row.ad, row.since, row.spend, row.reach, row.list, row.type, row.value].join(),
        )
        .toSorted(),
    );
  });

  it('carry a token in their pages, and none of it is landed', async () => {
    const recording = readRecording(`${folder}recordings/ads.json`);
    const server = await playRecording(recording);
    const lake = await pulled(server, recording, { datasets: ['campaigns'] });
    await server.close();
    const pages = recording.pages.get('campaigns') ?? [];
    expect(JSON.stringify(pages)).toContain('access_token=XXTOKENXX');
    const files = readdirSync(lake.home, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
    expect(files.length).toBeGreaterThan(3);
    expect(files.filter((text) => text.includes('XXTOKENXX'))).toEqual([]);
  });
});
