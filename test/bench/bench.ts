import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Temporal } from 'temporal-polyfill';
import { BENCH_FOLDER } from './generate.ts';
import { type Goal, verdictOf } from './goal.ts';
import { growthSection } from './growth.ts';
import { queriesSection } from './queries.ts';
import type { StageLine } from './rebuild.ts';
import {
  type Bench,
  benchOf,
  dailySection,
  type Found,
  helpSection,
  olderSection,
  rebuildSection,
  smallSection,
} from './sections.ts';
import { installSection, noopSection, plainSection, startSection } from './slow-sections.ts';

/**
 * The benchmark: `npm run bench -- --rows 100000 --only rebuild,help --repeat 3 --json FILE`. Prints
 * tables and writes the same as JSON. Sections that are slow run when they are named, or with --all;
 * with --quick the stages are not measured apart from the whole.
 */
const SECTIONS: Readonly<Record<string, (bench: Bench) => Promise<Found>>> = {
  help: helpSection,
  small: smallSection,
  rebuild: rebuildSection,
  daily: dailySection,
  older: olderSection,
  growth: growthSection,
  queries: queriesSection,
  plain: plainSection,
  noop: noopSection,
  start: startSection,
  install: installSection,
};

/** Sections of a run that names none. */
const USUAL: readonly string[] = ['help', 'small', 'rebuild', 'queries', 'daily'];

/** From this many rows on, each thing is measured once. */
const MANY = 500_000;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rows: { type: 'string', default: '100000' },
      days: { type: 'string', default: '365' },
      seed: { type: 'string', default: '1' },
      repeat: { type: 'string' },
      only: { type: 'string' },
      all: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      accounts: { type: 'string', default: '1000' },
      months: { type: 'string', default: '36' },
      json: { type: 'string', default: join(BENCH_FOLDER, 'bench.json') },
    },
  });
  const size = { rows: Number(values.rows), days: Number(values.days), seed: Number(values.seed) };
  const times = Number(values.repeat ?? (size.rows < MANY ? 3 : 1));
  const names = values.only?.split(',') ?? (values.all ? Object.keys(SECTIONS) : USUAL);
  const bench = benchOf(size, {
    times,
    isQuick: values.quick,
    accounts: Number(values.accounts),
    months: Number(values.months),
  });
  const lines: StageLine[] = [];
  const goals: Goal[] = [];
  const notes: string[] = [];
  for (const name of names) {
    const section = SECTIONS[name];
    if (section === undefined) {
      throw new Error(`no section ${name}; there are ${Object.keys(SECTIONS).join(', ')}`);
    }
    process.stderr.write(`${name} …\n`);
    const found = await section(bench);
    lines.push(...(found.lines ?? []));
    goals.push(...(found.goals ?? []));
    notes.push(...(found.notes ?? []));
  }
  const machine = `${cpus().length} cores (${cpus()[0]?.model}), Node ${process.versions.node}`;
  const day = Temporal.Now.plainDateISO().toString();
  process.stdout.write(`${size.rows} ad-days over ${size.days} days, ${machine}, ${day}\n`);
  if (lines.length > 0) console.table(lines.map(roundedLine));
  if (goals.length > 0) console.table(goals.map(goalLine));
  for (const note of notes) process.stdout.write(`${note}\n`);
  const report = { size, times, machine, day, lines, goals, notes };
  writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
  process.stdout.write(`As JSON: ${values.json}\n`);
}

function roundedLine(line: StageLine): Readonly<Record<string, string | number | null>> {
  const place = (value: number | null, digits: number): number | null =>
    value === null ? null : Number(value.toFixed(digits));
  return {
    who: line.who,
    stage: line.stage,
    s: place(line.seconds, 2),
    'rows/s': place(line.rowsPerSecond, 0),
    'MB/s': place(line.megabytesPerSecond, 1),
    'CPU s': place(line.cpuSeconds, 2),
    'RSS MB': place(line.rssMegabytes, 0),
    'written MB': place(line.writtenMegabytes, 1),
  };
}

function goalLine(goal: Goal): Readonly<Record<string, string | number | null>> {
  const { what, must, aim, unit } = goal;
  return {
    what,
    must,
    aim,
    measured: Number(goal.measured.toFixed(2)),
    'by CPU': goal.byCpu === undefined ? null : Number(goal.byCpu.toFixed(2)),
    unit,
    verdict: verdictOf(goal),
  };
}

await main();
