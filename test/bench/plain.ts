import { once } from 'node:events';
import {
  createReadStream,
  createWriteStream,
  mkdirSync,
  readdirSync,
  type WriteStream,
} from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { parse } from 'csv-parse';
import { stringify } from 'csv-stringify';
import { contractAt } from '../../src/contract.ts';
import { lineageOf } from '../../src/fold/lineage.ts';
import type { Batch } from '../../src/landing/batch.ts';
import { TRANSFORMS } from '../../src/staging/transforms.ts';
import { FACTS, type Facts } from './floor-staging.ts';

/**
 * The plain path: what one would write in an afternoon, a stream per stage, with readline, ajv,
 * csv-stringify and csv-parse. It validates and flattens like the pipeline, and makes less of it: no
 * lineage, no order, no fold, and of curated only two CSV tables with sums per campaign and per day.
 * Usage: plain.ts LANDING OUT; the seconds of each stage are printed as JSON.
 */
const [landing = '', out = ''] = process.argv.slice(2);

async function main(): Promise<void> {
  for (const zone of ['raw', 'staging', 'curated']) mkdirSync(join(out, zone), { recursive: true });
  const seconds = {
    'landing-to-raw': await timed(makeRaw),
    'raw-to-staging': await timed(makeStaging),
    'staging-to-curated': await timed(makeCurated),
  };
  process.stdout.write(`${JSON.stringify(seconds)}\n`);
}

async function timed(work: (dataset: Facts) => Promise<void>): Promise<number> {
  const started = performance.now();
  for (const dataset of FACTS) await work(dataset);
  return (performance.now() - started) / 1000;
}

async function makeRaw(dataset: Facts): Promise<void> {
  const contract = contractAt(`raw/${dataset}.schema.json`);
  const raw = createWriteStream(rawFile(dataset));
  const refused = createWriteStream(join(out, 'raw', `${dataset}.refused.ndjson`));
  for (const folder of batchFolders(dataset)) {
    for (const page of readdirSync(folder).filter((name) => name.startsWith('page-'))) {
      const text = await readFile(join(folder, page), 'utf8');
      const { data } = JSON.parse(text) as { readonly data: readonly unknown[] };
      for (const record of data) {
        const violations = contract.check(record);
        const line = violations.length === 0 ? record : { violations, record };
        await writeLine(violations.length === 0 ? raw : refused, JSON.stringify(line));
      }
    }
  }
  await ended(raw);
  await ended(refused);
}

async function makeStaging(dataset: Facts): Promise<void> {
  const contract = contractAt(`staging/${dataset}.schema.json`);
  const transform = TRANSFORMS[dataset];
  const [folder = ''] = batchFolders(dataset);
  const batch = JSON.parse(await readFile(join(folder, '_batch.json'), 'utf8')) as Batch;
  const lines = createInterface({ input: createReadStream(rawFile(dataset)) });
  async function* rows(): AsyncGenerator<unknown> {
    for await (const text of lines) {
      const record = JSON.parse(text) as Readonly<Record<string, unknown>>;
      const accountId = String(record.account_id);
      const raw = { record, text, accountId, lineage: lineageOf(batch, '', 0) };
      for (const row of transform?.(raw) ?? []) if (contract.check(row).length === 0) yield row;
    }
  }
  await pipeline(
    rows,
    stringify({ header: true, columns: [...contract.columns], cast: { boolean: String } }),
    createWriteStream(stagingFile(dataset)),
  );
}

const BY: Readonly<Record<Facts, readonly string[]>> = {
  insights_ad_day: ['account_id', 'date'],
  insights_campaign_day: ['account_id', 'campaign_id'],
};

async function makeCurated(dataset: Facts): Promise<void> {
  const sums = new Map<string, number[]>();
  const key = BY[dataset];
  const rows = createReadStream(stagingFile(dataset)).pipe(parse({ columns: true }));
  for await (const row of rows as AsyncIterable<Record<string, string>>) {
    const name = key.map((column) => row[column]).join(',');
    const sum = sums.get(name) ?? SUMMED.map(() => 0);
    for (const [index, column] of SUMMED.entries()) {
      sum[index] = (sum[index] ?? 0) + Number(row[column]);
    }
    sums.set(name, sum);
  }
  const lines = [...sums].map(([name, sum]) => [...name.split(','), ...sum]);
  await pipeline(
    lines,
    stringify({ header: true, columns: [...key, ...SUMMED] }),
    createWriteStream(join(out, 'curated', `${dataset}.csv`)),
  );
}

const SUMMED = ['spend', 'impressions', 'clicks', 'purchases', 'purchase_value'];

function batchFolders(dataset: Facts): readonly string[] {
  const folder = join(landing, 'meta', dataset);
  return readdirSync(folder).flatMap((account) =>
    readdirSync(join(folder, account)).map((batch) => join(folder, account, batch)),
  );
}

async function writeLine(stream: WriteStream, line: string): Promise<void> {
  if (!stream.write(`${line}\n`)) await once(stream, 'drain');
}

async function ended(stream: WriteStream): Promise<void> {
  stream.end();
  await once(stream, 'finish');
}

function rawFile(dataset: Facts): string {
  return join(out, 'raw', `${dataset}.ndjson`);
}

function stagingFile(dataset: Facts): string {
  return join(out, 'staging', `${dataset}.csv`);
}

await main();
