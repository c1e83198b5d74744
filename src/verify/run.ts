import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import { cutBack } from '../history/asof.ts';
import { DATASETS } from '../pipeline.ts';
import { silent } from '../progress.ts';
import { runStages } from '../run.ts';
import { addsUp } from '../stage.ts';
import { openState, type TaskState } from '../state.ts';
import { closeIdle } from '../workspace.ts';
import { cacheFile, type Lake, zoneDir } from '../zone.ts';
import { addVerdicts, type Damage, NOTHING, type Verdict } from './damage.ts';
import type { DoneTask } from './done-tasks.ts';
import { verifyLanding } from './landing.ts';

/** A run that has ended. */
export interface EndedRun {
  readonly run_id: string;
  /** An instant in UTC. */
  readonly ended_at: string;
  readonly tasks: readonly DoneTask[];
}

/** What came of proving a run. */
export interface RunProof {
  readonly verdict: Verdict;
  /** Tasks that cannot be compared, each with the reason. */
  readonly left_out: readonly string[];
}

/**
 * Proves a run from landing up: compares every page with its hash, takes the answers that had landed
 * when the run ended, makes everything of them anew in a scratch lake (below `cache`, removed after),
 * and compares files and row counts of every task that the run did with what it recorded then. Files
 * that later runs have replaced are proven by this, too.
 */
export async function proveRun(lake: Lake, run: EndedRun): Promise<RunProof> {
  const pages = verifyLanding(lake, DATASETS);
  const scratch = mkdtempSync(join(scratchFolder(lake), 'proof-'));
  try {
    const into = join(scratch, 'lake');
    const cut = cutBack(lake, { day: LAST_DAY, landedUntil: run.ended_at, into });
    const later = cut.dropped.filter((path) => isLater(lake, path, run.ended_at));
    await runStages({ lake: cut.lake, selection: {}, progress: silent, threads: 0 });
    const state = openState(cut.lake);
    const compared = run.tasks.filter(({ id }) => later.length === 0 || !dependsOnDropped(id));
    const verdict = compared.map((task) => verifyDone(task, state)).reduce(addVerdicts, pages);
    return { verdict, left_out: leftOut(run.tasks.length - compared.length, later) };
  } finally {
    closeIdle();
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Every day is on or before it. */
const LAST_DAY = '9999-12-31';

/** On the same disk as landing, so that its files are linked and not copied. */
function scratchFolder(lake: Lake): string {
  return cacheFile(lake);
}

function isLater(lake: Lake, path: string, ended: string): boolean {
  const written = Math.floor(statSync(join(zoneDir(lake, 'landing'), path)).mtimeMs);
  return written > Temporal.Instant.from(ended).epochMilliseconds;
}

/** What people drop carries no day of arrival; the tables are made with it. */
function dependsOnDropped(id: string): boolean {
  return id.startsWith('staging-to-curated/') || /\/(fx_rates|preferences)\//.test(id);
}

function leftOut(count: number, later: readonly string[]): readonly string[] {
  if (count === 0) return [];
  return [
    `${count} tasks could not be compared: ${later[0]} was dropped into landing after the run.`,
  ];
}

function verifyDone(task: DoneTask, state: TaskState): Verdict {
  const found = state.get(task.id);
  const counted = { ...NOTHING, tasks: 1, files: task.outputs.length };
  const damages: Damage[] = [];
  if (!addsUp(task.counts)) {
    damages.push(accounting(task, `rows do not add up: ${JSON.stringify(task.counts)}`));
  }
  const isRecord = !task.id.startsWith('staging-to-curated/');
  if (isRecord && JSON.stringify(found?.counts) !== JSON.stringify(task.counts)) {
    const now = found === undefined ? 'nothing' : JSON.stringify(found.counts);
    damages.push(accounting(task, `counted ${JSON.stringify(task.counts)}, landing gives ${now}`));
  }
  for (const { path, sha256 } of task.outputs) {
    if (basename(path) === VIEWS) continue;
    const again = found?.outputs.find((output) => output.path === path);
    if (again?.sha256 === sha256) continue;
    const what = again === undefined ? 'landing does not give it' : 'landing gives other bytes';
    damages.push({ kind: 'file', path, found: `${what} than this run wrote` });
  }
  return { ...counted, damages };
}

/** It names the lake's own folder, and the scratch lake has another. */
const VIEWS = 'views.sql';

function accounting({ id }: DoneTask, found: string): Damage {
  return { kind: 'accounting', path: id, found };
}
