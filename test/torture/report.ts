import { mkdirSync, writeFileSync } from 'node:fs';
import { arch, cpus, platform, release } from 'node:os';
import { join } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import type { AreaResult } from './round.ts';

/** What was tried in a whole torture, and what held. */
export interface TortureReport {
  readonly started_at: string;
  readonly ended_at: string;
  readonly minutes: number;
  readonly seed: number;
  readonly node: string;
  readonly machine: string;
  readonly kill_points: number;
  readonly inputs: number;
  readonly differences: number;
  readonly leaks: number;
  readonly areas: readonly AreaResult[];
}

/** Gathers the results; `started` is an instant in UTC. */
export function reportOf(
  areas: readonly AreaResult[],
  asked: { readonly started: string; readonly minutes: number; readonly seed: number },
): TortureReport {
  const countIn = (name: string, of: string) =>
    areas.find((area) => area.name === name)?.counts[of] ?? 0;
  const casesOf = (...names: readonly string[]) =>
    areas.filter(({ name }) => names.includes(name)).reduce((sum, { cases }) => sum + cases, 0);
  return {
    started_at: asked.started,
    ended_at: Temporal.Now.instant().toString({ smallestUnit: 'second' }),
    minutes: asked.minutes,
    seed: asked.seed,
    node: process.version,
    machine: `${platform()} ${release()} ${arch()}, ${cpus().length} cores`,
    kill_points: casesOf('state', 'kill', 'power', 'request'),
    inputs: countIn('fuzz', 'inputs') + countIn('fast', 'records'),
    differences: areas.reduce((sum, { differences }) => sum + differences.length, 0),
    leaks: countIn('leak', 'leaks'),
    areas,
  };
}

/** Writes it as `torture.json` and, to be read, `torture.md`; gives the path of the latter. */
export function writeReport(folder: string, report: TortureReport): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'torture.json'), `${JSON.stringify(report, null, 2)}\n`);
  const path = join(folder, 'torture.md');
  writeFileSync(path, markdownOf(report));
  return path;
}

/** The report for people. */
export function markdownOf(report: TortureReport): string {
  const verdict =
    report.differences === 0 ? 'Everything held.' : `${report.differences} cases did not hold.`;
  return `${[
    '# Torture',
    '',
    `${verdict} ${number(report.differences)} differences, ${number(report.leaks)} leaks.`,
    '',
    `- ${number(report.kill_points)} kill points, ${number(report.inputs)} inputs`,
    `- from ${report.started_at} to ${report.ended_at}, ${report.minutes} minutes wanted`,
    `- seed ${report.seed}: \`npm run torture -- --minutes ${report.minutes} --seed ${report.seed}\` tries the same, as far as the time goes`,
    `- Node ${report.node} on ${report.machine}`,
    '',
    '| area | cases | of | seconds | differences |',
    '| --- | ---: | ---: | ---: | ---: |',
    ...report.areas.map(lineOf),
    ...report.areas.flatMap(sectionOf),
  ].join('\n')}\n`;
}

function lineOf({ name, cases, possible, seconds, differences }: AreaResult): string {
  const all = possible === null ? 'no end' : number(possible);
  return `| ${name} | ${number(cases)} | ${all} | ${number(seconds)} | ${differences.length} |`;
}

function sectionOf(area: AreaResult): readonly string[] {
  const counts = Object.entries(area.counts).map(([name, count]) => `${number(count)} ${name}`);
  return [
    '',
    `## ${area.name}`,
    '',
    area.about,
    '',
    area.first_case === null
      ? 'Nothing was tried: the time was too short.'
      : `From \`${area.first_case}\` to \`${area.last_case}\`: ${counts.join(', ') || 'nothing counted'}.`,
    ...(area.told.length === 0 ? [] : ['']),
    ...area.told.map((line) => `- ${line}`),
    ...area.differences.flatMap(({ case: id, what }) => [
      '',
      `**\`${id}\` differs.** Try it again: \`npm run torture -- --case ${id}\``,
      '',
      '```',
      what.slice(0, SHOWN_CHARACTERS),
      '```',
    ]),
  ];
}

/** The rest is in the JSON. */
const SHOWN_CHARACTERS = 3000;

function number(count: number): string {
  return count.toLocaleString('en-US');
}
