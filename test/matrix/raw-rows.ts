import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { META_DATASETS, type MetaDataset } from '../../src/platforms/meta/datasets.ts';
import { silent } from '../../src/progress.ts';
import { listQuarantine } from '../../src/quarantine.ts';
import { runStages } from '../../src/run.ts';
import { addsUp } from '../../src/stage.ts';
import { type Lake, zoneDir } from '../../src/zone.ts';

type Json = Readonly<Record<string, unknown>>;

/** Where a row is from. */
export interface RowPlace {
  readonly dataset: string;
  readonly accountId: string;
  /** The account's own day; `always` for rows without one. */
  readonly day: string;
}

/** One row of raw. */
export interface RawRow extends RowPlace {
  /** The record with its members in one order, without the fields that a fault put in. */
  readonly text: string;
}

/** What raw holds, by dataset, account and natural key, and what a contract refused. */
export interface RawRows {
  readonly rows: ReadonlyMap<string, RawRow>;
  /** Keys that raw holds more than once: there must be none. */
  readonly twice: readonly string[];
  /** How many records were refused, by place. */
  readonly refused: ReadonlyMap<string, number>;
}

/** Makes raw of landing, checks that every row is accounted for, and reads what raw holds. */
export async function rawRows(lake: Lake): Promise<RawRows> {
  const stages = ['landing-to-raw'] as const;
  const reports = await runStages({ lake, selection: {}, progress: silent, stages, threads: 0 });
  const unaccounted = reports.filter((report) => !addsUp(report.counts));
  if (unaccounted.length > 0) throw new Error(`Rows got lost: ${JSON.stringify(unaccounted)}`);
  const rows = new Map<string, RawRow>();
  const twice: string[] = [];
  for (const dataset of META_DATASETS) {
    for (const { accountId, text } of linesOf(lake, dataset)) {
      const record = JSON.parse(text) as Json;
      const key = keyOf(dataset, accountId, record);
      if (rows.has(key)) twice.push(key);
      const place = { dataset: dataset.name, accountId, day: dayOf(dataset, record) };
      rows.set(key, { ...place, text: JSON.stringify(ordered(withoutNews(record))) });
    }
  }
  return { rows, twice, refused: refusedIn(lake) };
}

/** A place as text, for counting. */
export function placeText({ dataset, accountId, day }: RowPlace): string {
  return `${dataset}, account ${accountId}, ${day}`;
}

function* linesOf(
  lake: Lake,
  dataset: MetaDataset,
): Iterable<{ readonly accountId: string; readonly text: string }> {
  const folder = join(zoneDir(lake, 'raw'), dataset.platform, dataset.name);
  if (!existsSync(folder)) return;
  for (const account of readdirSync(folder)) {
    for (const file of readdirSync(join(folder, account)).filter((name) =>
      name.endsWith('.ndjson'),
    )) {
      const lines = readFileSync(join(folder, account, file), 'utf8').split('\n');
      for (const text of lines.filter((line) => line !== '')) {
        yield { accountId: account.replace('account_id=', ''), text };
      }
    }
  }
}

function keyOf(dataset: MetaDataset, accountId: string, record: Json): string {
  const parts = dataset.key.map((part) => (part.from === 'record' ? record[part.field] : ''));
  return `${dataset.name} ${accountId} ${JSON.stringify(parts)}`;
}

function dayOf(dataset: MetaDataset, record: Json): string {
  const { dayField } = dataset;
  return dayField === undefined ? 'always' : String(record[dayField]).slice(0, 10);
}

/** A record's key need not be readable, so refusals are counted by dataset, account and day. */
function refusedIn(lake: Lake): ReadonlyMap<string, number> {
  const refused = new Map<string, number>();
  for (const { dataset, account_id, record } of listQuarantine(lake, {})) {
    const known = META_DATASETS.find((one) => one.name === dataset);
    if (known === undefined) continue;
    const day = dayOf(known, JSON.parse(record) as Json);
    const place = placeText({ dataset, accountId: account_id, day });
    refused.set(place, (refused.get(place) ?? 0) + 1);
  }
  return refused;
}

function withoutNews(record: Json): Json {
  const { synthetic_new_metric: _news, ...rest } = record;
  return rest;
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, one]) => [name, ordered(one)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
