import { Temporal } from 'temporal-polyfill';
import { readableCount } from '../amount.ts';
import { didYouMean } from '../nearest.ts';
import { reportRun } from '../report-run.ts';
import { isIdle, listRecords, type RunRecord } from '../run-record.ts';
import { formatTable } from '../text-table.ts';
import { type CommandContext, type Typed, usage } from './context.ts';

/** `adlake runs list`: every run that is on record, newest first. */
export async function runsList(context: CommandContext, _typed: Typed): Promise<number> {
  const records = listRecords(context.lake).toReversed();
  if (context.isJson) {
    context.print(`${JSON.stringify({ runs: records }, null, 2)}\n`);
    return 0;
  }
  if (records.length === 0) {
    context.tell(`No run is on record in ${context.lake.home}. \`adlake run\` makes one.`);
    return 0;
  }
  const heads = [
    'run',
    'command',
    'source',
    'seconds',
    'requests',
    'rows in',
    'files',
    'ended with',
  ];
  context.print(formatTable(heads, records.map(lineOf)));
  context.tell('What a run did: `adlake runs show RUN`.');
  return 0;
}

/** `adlake runs show RUN`: what a run said at its end; without a name, the newest one. */
export async function runsShow(context: CommandContext, typed: Typed): Promise<number> {
  const records = listRecords(context.lake);
  const wanted = typed.args[0] ?? records.at(-1)?.run_id;
  const record = records.find(({ run_id }) => run_id === wanted);
  if (record === undefined) throw unknown(wanted, records);
  if (context.isJson) context.print(`${JSON.stringify(record, null, 2)}\n`);
  else {
    const asked = record.today === null ? '' : `, pretending it was ${record.today}`;
    const head = `${record.command}, ${record.started_at} to ${record.ended_at}${asked}, ended with ${record.exit_code}.\n`;
    context.print(`${head}${reportRun(record)}`);
  }
  return 0;
}

function lineOf(record: RunRecord): readonly string[] {
  const { stages, extract } = record;
  const files = stages.reduce((sum, stage) => sum + stage.filesWritten, 0);
  const code =
    record.exit_code === 0 && isIdle(record) ? '0, nothing was due' : `${record.exit_code}`;
  return [
    record.run_id,
    record.command,
    record.source,
    secondsOf(record).toFixed(1),
    readableCount(extract?.calls ?? 0),
    readableCount(stages.reduce((sum, stage) => sum + stage.counts.in, 0)),
    readableCount(files),
    code,
  ];
}

function secondsOf({ started_at, ended_at }: RunRecord): number {
  return Temporal.Instant.from(started_at).until(ended_at).total('seconds');
}

function unknown(wanted: string | undefined, records: readonly RunRecord[]): Error {
  const ids = records.map(({ run_id }) => run_id);
  return wanted === undefined
    ? usage('No run is on record in this lake.', 'Run something first: `adlake run`.')
    : usage(`There is no run ${wanted}.${didYouMean(wanted, ids)}`, 'See `adlake runs list`.');
}
