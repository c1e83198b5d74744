import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { addDays } from '../../src/window.ts';
import { BENCH_FOLDER } from './generate.ts';
import { adlake, type Measured, repeated, script } from './measure.ts';

/**
 * The benchmark of imports: `npm run bench:import -- --rows 500000 --files 318`. Writes a folder of
 * made-up exports of Ads Manager, a day a file, imports it into an empty lake through all zones, and has
 * DuckDB read the same files with a plain `read_csv`, each as a process of its own.
 */
const MOST_TIMES_PLAIN = 4;
const MOST_MEGABYTES = 400;

const HEAD =
  'Campaign name,Campaign ID,Ad set name,Ad set ID,Ad name,Ad ID,Day,Amount spent (EUR),Impressions,Reach,Frequency,Clicks (all),Link clicks,Purchases,Purchases conversion value,"CPM (cost per 1,000 impressions)",Reporting starts,Reporting ends';

function main(): void {
  const { values } = parseArgs({
    options: {
      rows: { type: 'string', default: '500000' },
      files: { type: 'string', default: '318' },
      repeat: { type: 'string', default: '1' },
    },
  });
  const folder = join(BENCH_FOLDER, `exports-${values.rows}-${values.files}`);
  const lake = join(BENCH_FOLDER, 'import-lake');
  write(folder, Number(values.rows), Number(values.files));
  const plain = repeated(Number(values.repeat), () => script('plain-csv.ts', folder));
  const landing = repeated(Number(values.repeat), () => {
    rmSync(lake, { recursive: true, force: true });
    return adlake('import', folder, '--lake', lake, '--dry-run');
  });
  const whole = repeated(Number(values.repeat), () => {
    rmSync(lake, { recursive: true, force: true });
    return adlake('import', folder, '--lake', lake);
  });
  rmSync(lake, { recursive: true, force: true });
  console.log(`${values.rows} rows in ${values.files} files`);
  tell('DuckDB, read_csv alone', plain, plain, Number(values.rows));
  tell('adlake import --dry-run (read and understood)', landing, plain, Number(values.rows));
  tell('adlake import (through all zones)', whole, plain, Number(values.rows));
  console.log(
    `goal: at most ${MOST_TIMES_PLAIN} times read_csv and ${MOST_MEGABYTES} MB; found ${times(whole, plain)} and ${Math.round(whole.rssMegabytes)} MB`,
  );
}

function tell(name: string, took: Measured, plain: Measured, rows: number): void {
  console.log(
    `${name}: ${took.seconds.toFixed(2)} s, ${took.cpuSeconds.toFixed(2)} CPU s, ${Math.round(took.rssMegabytes)} MB, ${Math.round(rows / took.seconds)} rows/s, ${times(took, plain)} read_csv`,
  );
}

function times(took: Measured, plain: Measured): string {
  const wall = (took.seconds / plain.seconds).toFixed(1);
  return `${wall} x (CPU ${(took.cpuSeconds / plain.cpuSeconds).toFixed(1)} x)`;
}

/** Exports with names, ids and figures that differ from row to row, made once and kept. */
function write(folder: string, rows: number, files: number): void {
  mkdirSync(folder, { recursive: true });
  if (readdirSync(folder).length === files) return;
  for (let file = 0; file < files; file++) {
    const from = Math.floor((rows * file) / files);
    const until = Math.floor((rows * (file + 1)) / files);
    const day = addDays('2026-01-01', file);
    const lines = Array.from({ length: until - from }, (_, at) => line(at, from + at, day));
    writeFileSync(join(folder, `export-${day}.csv`), `\ufeff${HEAD}\n${lines.join('\n')}\n`);
  }
}

function line(ad: number, seed: number, day: string): string {
  const campaign = ad % 40;
  const set = ad % 200;
  const impressions = (seed * 7919) % 50_000;
  const cents = (seed * 104_729) % 90_000;
  const purchases = seed % 7 === 0 ? String(seed % 13) : '';
  const value = purchases === '' ? '' : ((Number(purchases) * 4990) / 100).toFixed(2);
  const cpm = impressions === 0 ? '' : ((cents * 10) / impressions).toFixed(8);
  return [
    `"Made-up campaign ${campaign}, autumn"`,
    120210000000000000n + BigInt(campaign),
    `Ad set ${set}`,
    120210000000100000n + BigInt(set),
    `Ad ${ad} video`,
    120210000001000000n + BigInt(ad),
    day,
    (cents / 100).toFixed(2),
    impressions,
    Math.floor(impressions * 0.8),
    impressions === 0 ? '' : '1.25',
    Math.floor(impressions / 50),
    Math.floor(impressions / 80),
    purchases,
    value,
    cpm,
    day,
    day,
  ].join(',');
}

main();
