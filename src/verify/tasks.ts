import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { hashOf, readIfThere } from '../file.ts';
import { DATASETS } from '../pipeline.ts';
import { silent } from '../progress.ts';
import { planStages } from '../run.ts';
import { addsUp, type OutputFile, type Task } from '../stage.ts';
import { openState, type TaskRecord } from '../state.ts';
import { type Lake, quarantineFile } from '../zone.ts';
import { addVerdicts, type Damage, NOTHING, type Verdict } from './damage.ts';
import { strangersIn } from './orphans.ts';

/**
 * Compares every file of raw, staging and curated with what the task that made it recorded, and adds up
 * the rows of every task. A file that its task would make again is not damage: it is due.
 */
export async function verifyTasks(lake: Lake): Promise<Verdict> {
  const state = openState(lake);
  const tasks = await planStages({ lake, selection: {}, progress: silent });
  const verdicts = tasks.map((task) => verifyTask(lake, task, state.get(task.id)));
  const made = tasks.flatMap((task) => state.get(task.id)?.outputs ?? []);
  const strangers = strangersIn(lake, made);
  return verdicts.reduce(addVerdicts, { ...NOTHING, strangers });
}

function verifyTask(lake: Lake, task: Task, record: TaskRecord | undefined): Verdict {
  const missing = (record?.outputs ?? []).filter(({ path }) => !existsSync(join(lake.home, path)));
  const damages = missing.map(({ path }): Damage => ({ kind: 'file', path, found: 'is missing' }));
  if (record === undefined || task.state !== 'fresh') return { ...NOTHING, due: 1, damages };
  const accounting = addsUp(record.counts) ? [] : [unaccounted(task, record)];
  const quarantine = verifyQuarantine(lake, task, record);
  return record.outputs
    .map((output) => verifyFile(lake, output))
    .reduce(addVerdicts, {
      ...quarantine,
      tasks: 1,
      damages: [...accounting, ...quarantine.damages],
    });
}

function verifyFile(lake: Lake, output: OutputFile): Verdict {
  const bytes = readIfThere(join(lake.home, output.path));
  const counted = { ...NOTHING, files: 1, bytes: bytes?.length ?? 0 };
  if (bytes !== null && hashOf(bytes) === output.sha256) return counted;
  const found = bytes === null ? 'is missing' : 'has other bytes than were written';
  return { ...counted, damages: [{ kind: 'file', path: output.path, found }] };
}

/** What a task of raw refused lies in a file of its own, whose hash it remembers. */
function verifyQuarantine(lake: Lake, task: Task, { memory }: TaskRecord): Verdict {
  const dataset = DATASETS.find(({ name }) => name === task.dataset);
  if (memory === undefined || dataset === undefined || task.partition === null) return NOTHING;
  const path = quarantineFile(lake, 'raw', { dataset, partition: task.partition });
  const bytes = readIfThere(path);
  const hash = bytes === null ? null : hashOf(bytes);
  const counted = { ...NOTHING, files: bytes === null ? 0 : 1, bytes: bytes?.length ?? 0 };
  if (hash === memory.quarantine) return counted;
  const found = bytes === null ? 'is missing' : 'has other bytes than were written';
  return { ...counted, damages: [{ kind: 'file', path: relative(lake.home, path), found }] };
}

function unaccounted(task: Task, { counts }: TaskRecord): Damage {
  const found = `has rows that do not add up: ${JSON.stringify(counts)}`;
  return { kind: 'accounting', path: task.id, found };
}
