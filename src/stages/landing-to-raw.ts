import { basename, dirname, relative } from 'node:path';
import { type Contract, contractAt } from '../contract.ts';
import { type Dataset, isChosen } from '../dataset.ts';
import { AdlakeError } from '../errors.ts';
import { hashOf, namesIn, removeIfThere, writeIfChanged } from '../file.ts';
import { type Folded, fold, type LoadedBatch } from '../fold.ts';
import { type RecalledFold, recallFold, rememberFold } from '../fold-memory.ts';
import { foldVersions } from '../history/version-fold.ts';
import { type Arrival, accountsOf, arrivalsOf, sourceOf, wholePartition } from '../landing.ts';
import { formatLineage, LINEAGE_COLUMNS } from '../lineage.ts';
import { writeQuarantine } from '../quarantine.ts';
import { encodeLines } from '../raw-lines.ts';
import type { OutputFile, Stage, StageContext, Task, TaskOutcome } from '../stage.ts';
import { monthsOf } from '../window.ts';
import { lineageFile, type Partition, partitionLabel, rawFile } from '../zone.ts';

/** Raise it when the same landing would give other bytes: every partition is then folded again. */
const VERSION = 1;

/** Folds the batches of landing into raw: one valid record per line, with a lineage sidecar. */
export const landingToRaw: Stage = {
  name: 'landing-to-raw',
  kind: 'record',
  input: 'landing',
  output: 'raw',
  plan: async (context) => context.datasets.flatMap((dataset) => planDataset(context, dataset)),
  needsPlan: true,
  execute: async (context, task) => execute(context, task),
};

function planDataset(context: StageContext, dataset: Dataset): readonly Task[] {
  const { accounts, datasets } = context.selection;
  if (!isChosen(dataset, datasets)) return [];
  return accountsOf(context.lake, dataset, context.datasets)
    .filter((account) => account === 'all' || (accounts?.includes(account) ?? true))
    .flatMap((account) => planAccount(context, dataset, account));
}

function planAccount(context: StageContext, dataset: Dataset, account: string): readonly Task[] {
  const among = context.datasets;
  const contract = contractAt(`raw/${sourceOf(dataset, among).name}.schema.json`);
  const arrivals = arrivalsOf(context.lake, dataset, { accountId: account, among });
  const present = namesIn(dirname(rawFile(context.lake, dataset, wholePartition(account))));
  return [...byMonth(dataset, arrivals)]
    .filter(([month]) => isSelected(context, month))
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([month, ofMonth]) => {
      const partition = { account_id: account, month };
      return taskOf(context, { dataset, partition, contract, arrivals: ofMonth }, present);
    });
}

interface Work {
  readonly dataset: Dataset;
  readonly partition: Partition;
  /** What the records of its answers must keep. */
  readonly contract: Contract;
  readonly arrivals: readonly Arrival[];
}

/** What plan() found for each task, so that execute() need not list landing again. */
const planned = new WeakMap<StageContext, Map<string, Work>>();

/** `present`: the names of the files that the account has in raw. */
function taskOf(context: StageContext, work: Work, present: ReadonlySet<string>): Task {
  const id = `landing-to-raw/${work.dataset.name}/${partitionLabel(work.partition)}`;
  const fingerprint = fingerprintOf(work, work.arrivals);
  const known = context.fingerprintOf(id);
  const isThere = context.outputsOf(id).every((output) => present.has(basename(output.path)));
  const due = work.arrivals.slice(context.memoryOf(id)?.arrivals ?? 0);
  if (!planned.has(context)) planned.set(context, new Map());
  planned.get(context)?.set(id, work);
  const state = known === null || !isThere ? 'missing' : known === fingerprint ? 'fresh' : 'stale';
  return {
    id,
    stage: 'landing-to-raw',
    dataset: work.dataset.name,
    partition: work.partition,
    fingerprint,
    state,
    bytes: due.reduce((sum, arrival) => sum + arrival.bytes, 0),
  };
}

function fingerprintOf(work: Work, arrivals: readonly Arrival[]): string {
  const prints = arrivals.map((arrival) => arrival.fingerprint);
  const parts = [VERSION, work.dataset, work.contract.sha256, prints];
  return hashOf(Buffer.from(JSON.stringify(parts)));
}

function execute(context: StageContext, task: Task): TaskOutcome {
  const work = workOf(context, task);
  const ignored: string[] = [];
  const start = startOf(context, task, work);
  const due = work.arrivals.slice(start?.arrivals ?? 0);
  const engine = context.engine ?? 'fast';
  const source = sourceOf(work.dataset, context.datasets);
  const folded =
    source === work.dataset
      ? fold({ ...work, engine }, loaded(due, ignored), start)
      : foldVersions({ ...work, source, engine }, loaded(due, ignored), start);
  const outputs = write(context, work, folded);
  writeQuarantine(context.lake, 'raw', { ...work, records: folded.quarantined });
  const memory = rememberFold(context.lake, work, folded);
  const notes = [
    ...ignored.map(
      (label) => `${task.dataset}: answer ${label} is ignored, its pages were changed`,
    ),
    ...[...folded.drift.keys()].map(
      (field) =>
        `${task.dataset}: came with ${JSON.stringify(field)}, a field the contract does not know (kept in raw)`,
    ),
  ];
  return { counts: folded.counts, outputs, notes, isFinal: ignored.length === 0, memory };
}

/**
 * What the files hold already, when they are exactly what folding the oldest arrivals gave, by this
 * contract and this code; null when everything has to be folded.
 */
function startOf(context: StageContext, task: Task, work: Work): RecalledFold | null {
  const memory = context.memoryOf(task.id);
  if (memory === null || memory.arrivals > work.arrivals.length) return null;
  const then = fingerprintOf(work, work.arrivals.slice(0, memory.arrivals));
  if (context.fingerprintOf(task.id) !== then) return null;
  return recallFold(context.lake, { ...work, memory, outputs: context.outputsOf(task.id) });
}

function workOf(context: StageContext, task: Task): Work {
  const work = planned.get(context)?.get(task.id);
  if (work !== undefined) return work;
  throw new AdlakeError({
    code: 'BUG',
    message: `Task ${task.id} was not planned in this run.`,
    remedy: 'Plan the stage before its tasks are executed.',
  });
}

function* loaded(arrivals: readonly Arrival[], ignored: string[]): Iterable<LoadedBatch> {
  for (const arrival of arrivals) {
    const batch = arrival.load();
    if (batch === null) ignored.push(arrival.label);
    else yield batch;
  }
}

function write(context: StageContext, work: Work, folded: Folded): readonly OutputFile[] {
  const raw = rawFile(context.lake, work.dataset, work.partition);
  const sidecar = lineageFile(context.lake, work.dataset, work.partition);
  if (folded.rows.length === 0) {
    removeIfThere(raw);
    removeIfThere(sidecar);
    return [];
  }
  const lineage = [
    LINEAGE_COLUMNS.join(','),
    ...folded.rows.map((row) => formatLineage(row.lineage)),
  ];
  return [
    output(context, raw, { bytes: encodeLines(folded.rows), rows: folded.rows.length }),
    output(context, sidecar, {
      bytes: Buffer.from(`${lineage.join('\n')}\n`),
      rows: lineage.length,
    }),
  ];
}

function output(
  context: StageContext,
  path: string,
  file: { readonly bytes: Buffer; readonly rows: number },
): OutputFile {
  const { bytes, rows } = file;
  const changed = writeIfChanged(path, bytes);
  return {
    path: relative(context.lake.home, path),
    sha256: hashOf(bytes),
    bytes: bytes.length,
    rows,
    changed,
  };
}

function byMonth(
  dataset: Dataset,
  arrivals: readonly Arrival[],
): ReadonlyMap<string, readonly Arrival[]> {
  const months = new Map<string, Arrival[]>();
  for (const arrival of arrivals) {
    const { since, until } = arrival;
    const touched =
      dataset.fold === 'entity' || since === null || until === null
        ? ['all']
        : monthsOf({ since, until });
    for (const month of touched) {
      const ofMonth = months.get(month);
      if (ofMonth === undefined) months.set(month, [arrival]);
      else ofMonth.push(arrival);
    }
  }
  return months;
}

function isSelected(context: StageContext, month: string): boolean {
  const { since, until } = context.selection;
  if (month === 'all') return true;
  return month >= (since?.slice(0, 7) ?? month) && month <= (until?.slice(0, 7) ?? month);
}
