import { readIfThere, writeAtomically } from '../file.ts';
import type { RowCounts } from '../stage.ts';
import { cacheFile, type Lake } from '../zone.ts';

/** What a run did in one task: enough to tell later whether landing still gives the same. */
export interface DoneTask {
  readonly id: string;
  readonly counts: RowCounts;
  readonly outputs: ReadonlyArray<{
    /** Relative to the lake's home. */
    readonly path: string;
    readonly sha256: string;
    readonly rows: number;
  }>;
}

/** Writes what a run did beside its manifest: `cache/runs/<run_id>.tasks.ndjson`, a task a line. */
export function writeDoneTasks(lake: Lake, runId: string, tasks: readonly DoneTask[]): void {
  const lines = tasks.map((task) => `${JSON.stringify(task)}\n`);
  writeAtomically(fileOf(lake, runId), Buffer.from(lines.join('')));
}

/** What a run did, or null when nothing is on record of it, or not readable. */
export function readDoneTasks(lake: Lake, runId: string): readonly DoneTask[] | null {
  const text = readIfThere(fileOf(lake, runId))?.toString('utf8');
  if (text === undefined) return null;
  try {
    const lines = text.split('\n').filter((line) => line !== '');
    return lines.map((line) => JSON.parse(line) as DoneTask);
  } catch {
    return null;
  }
}

function fileOf(lake: Lake, runId: string): string {
  return cacheFile(lake, 'runs', `${runId}.tasks.ndjson`);
}
