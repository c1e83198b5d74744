import { relative } from 'node:path';
import { contractAt } from '../contract.ts';
import { decodeCsv } from '../csv.ts';
import { readIfThere } from '../file.ts';
import { type Lineage, parseLineage } from '../fold/lineage.ts';
import { accountsOf } from '../landing/landed.ts';
import { arrivalsOf } from '../landing/landing.ts';
import { META_DATASETS } from '../platforms/meta/datasets.ts';
import { batchDir, type Lake, lineageFile, rawFile, stagingFile } from '../zone.ts';
import { curatedRow } from './trace-curated.ts';
import { metricsFor, type TracedMetric } from './trace-metric.ts';
import {
  isWanted,
  type TracedVersion,
  type Values,
  versionsIn,
  type Wanted,
} from './trace-version.ts';

/** What is traced: a figure of a campaign's day, or of an ad's. */
export interface TraceQuestion {
  readonly level: 'campaign' | 'ad';
  readonly id: string;
  /** The account's own day. */
  readonly date: string;
  /** Column of campaign_day or ad_day; null: the usual ones. */
  readonly metric: string | null;
  /** Accounts to look in; all of them when absent. */
  readonly accounts?: readonly string[];
}

/** A place in a zone and what it says. Paths are relative to the lake's home. */
export interface TracedPlace {
  readonly file: string;
  /** Row of the file from 1, without its header; null in Parquet. */
  readonly row: number | null;
  readonly values: Values;
}

/** Where a raw record came from. */
export interface TracedOrigin {
  /** Folder of the answer. */
  readonly folder: string;
  readonly page: string;
  /** Place on the page, from 1. */
  readonly row: number;
  readonly asked_on: string;
  readonly landed_at: string;
}

/** A figure's way from the curated table back to the page it came from, in one account. */
export interface Trace {
  readonly account_id: string;
  readonly metrics: readonly string[];
  readonly name: string | null;
  readonly currency: string | null;
  readonly is_settled: boolean | null;
  readonly curated: TracedPlace | null;
  readonly staging: TracedPlace | null;
  readonly raw: { readonly file: string; readonly row: number; readonly record: string } | null;
  readonly landing: TracedOrigin | null;
  /** Everything that was ever received of it, oldest first. */
  readonly versions: readonly TracedVersion[];
  /** Whether curated, staging and the newest version that was sent say the same; null when one is missing. */
  readonly agrees: boolean | null;
}

/**
 * Traces a figure in every account that knows the campaign or ad on that day. Reads landing, raw,
 * staging and curated, writes nothing. Throws `USAGE` for a metric that cannot be traced.
 */
export async function trace(lake: Lake, question: TraceQuestion): Promise<readonly Trace[]> {
  const table = question.level === 'ad' ? 'ad_day' : 'campaign_day';
  const metrics = metricsFor(table, question.metric);
  const dataset = META_DATASETS.find(({ name }) => name === `insights_${table}`);
  if (dataset === undefined) return [];
  const field = `${question.level}_id`;
  const { id, date } = question;
  const traces: Trace[] = [];
  for (const account of accountsOf(lake, dataset, META_DATASETS)) {
    if (!(question.accounts?.includes(account) ?? true)) continue;
    const campaignId = question.level === 'campaign' ? id : null;
    const wanted = { dataset, field, id, date, campaignId, metrics };
    const found = await traceIn(lake, { table, account, wanted });
    if (found !== null) traces.push(found);
  }
  return traces;
}

interface At {
  readonly table: 'campaign_day' | 'ad_day';
  readonly account: string;
  readonly wanted: Wanted;
}

async function traceIn(lake: Lake, at: At): Promise<Trace | null> {
  const { account, table, wanted } = at;
  const raw = rawPlace(lake, at);
  const staged = stagingRow(lake, at);
  const campaignId = wanted.campaignId ?? staged?.cells.campaign_id ?? null;
  const arrivals = arrivalsOf(lake, wanted.dataset, { accountId: account, among: META_DATASETS });
  const versions = versionsIn({ ...wanted, campaignId }, arrivals);
  if (raw === null && versions.every(({ state }) => state === 'absent')) return null;
  const curated = await curatedRow(lake, { table, account, id: wanted.id, date: wanted.date });
  const { metrics } = wanted;
  const known = curated === null ? null : valuesIn(metrics, 'curated', curated.row);
  const staging = staged === null ? null : valuesIn(metrics, 'staging', staged.cells);
  const last = versions.findLast(({ state }) => state === 'sent')?.values ?? null;
  return {
    account_id: account,
    metrics: metrics.map((metric) => metric.curated),
    name: curated?.name ?? null,
    currency: curated?.row.currency ?? staged?.cells.currency ?? null,
    is_settled: curated?.isSettled ?? null,
    curated:
      curated === null || known === null ? null : { file: curated.file, row: null, values: known },
    staging:
      staged === null || staging === null
        ? null
        : { file: staged.file, row: staged.row, values: staging },
    raw: raw === null ? null : { file: raw.file, row: raw.row, record: raw.record },
    landing: raw === null ? null : originOf(lake, at, raw.lineage),
    versions,
    agrees: agreement([known, staging, last], metrics),
  };
}

/** Decimals are compared as such: 10.10 and 10.1 are one figure. */
function agreement(
  places: readonly (Values | null)[],
  metrics: readonly TracedMetric[],
): boolean | null {
  if (places.some((values) => values === null)) return null;
  return metrics.every(({ curated }) => {
    const found = places.map((values) => plain(values?.[curated] ?? null));
    return found.every((value) => value === found[0]);
  });
}

/** Decimal text without zeros at its end. */
export function plain(value: string | null): string | null {
  if (value === null || !/^-?\d+\.\d+$/.test(value)) return value;
  return value.replace(/\.?0+$/, '');
}

function valuesIn(
  metrics: readonly TracedMetric[],
  layer: 'curated' | 'staging',
  row: Readonly<Record<string, string | null>>,
): Values {
  return Object.fromEntries(
    metrics.map((metric) => [metric.curated, plain(row[metric[layer]] ?? null)]),
  );
}

interface StagedRow {
  readonly file: string;
  readonly row: number;
  readonly cells: Readonly<Record<string, string | null>>;
}

function stagingRow(lake: Lake, { account, wanted }: At): StagedRow | null {
  const path = stagingFile(lake, wanted.dataset, partitionOf(account, wanted.date));
  const bytes = readIfThere(path);
  if (bytes === null) return null;
  const { columns } = contractAt(`staging/${wanted.dataset.name}.schema.json`);
  const rows = decodeCsv(bytes).slice(1);
  const [id, date] = [columns.indexOf(wanted.field), columns.indexOf('date')];
  const at = rows.findIndex((row) => row[id] === wanted.id && row[date] === wanted.date);
  if (at === -1) return null;
  const cells = Object.fromEntries(
    columns.map((column, place) => [column, rows[at]?.[place] ?? null]),
  );
  return { file: relative(lake.home, path), row: at + 1, cells };
}

interface RawPlace {
  readonly file: string;
  readonly row: number;
  readonly record: string;
  readonly lineage: Lineage;
}

function rawPlace(lake: Lake, { account, wanted }: At): RawPlace | null {
  const partition = partitionOf(account, wanted.date);
  const path = rawFile(lake, wanted.dataset, partition);
  const lines = linesOf(path);
  const at = lines.findIndex((line) => isWanted(wanted, line));
  const origin = linesOf(lineageFile(lake, wanted.dataset, partition))[at + 1];
  if (at === -1 || origin === undefined) return null;
  const [file, record, lineage] = [
    relative(lake.home, path),
    lines[at] ?? '',
    parseLineage(origin),
  ];
  return { file, row: at + 1, record, lineage };
}

function linesOf(path: string): readonly string[] {
  return readIfThere(path)?.toString('utf8').split('\n').slice(0, -1) ?? [];
}

function originOf(lake: Lake, { account, wanted }: At, lineage: Lineage): TracedOrigin {
  const { batch_id, page, row, pulled_on, landed_at } = lineage;
  const folder = batchDir(lake, wanted.dataset, { account_id: account, batch_id });
  return { folder: relative(lake.home, folder), page, row, asked_on: pulled_on, landed_at };
}

function partitionOf(account: string, date: string) {
  return { account_id: account, month: date.slice(0, 7) };
}
