import { basename, dirname } from 'node:path';
import { type Contract, contractAt } from '../contract.ts';
import { type Dataset, isChosen } from '../dataset.ts';
import { AdlakeError } from '../errors.ts';
import { hashOf, namesIn } from '../file.ts';
import { foldersOf, isToldByFolders, landedOf } from '../landing/landed.ts';
import { type Arrival, arrivalsOf, sourceOf, wholePartition } from '../landing/landing.ts';
import { isAccountSelected, isMonthSelected, type StageContext, type Task } from '../stage.ts';
import type { Part, PartPlan } from '../task/due.ts';
import type { Ground } from '../task/unchanged.ts';
import { monthsOf } from '../window.ts';
import { partitionLabel, rawFile } from '../zone.ts';
import type { FoldPlace } from './memory.ts';

/** Raise it when the same landing would give other bytes: every partition is then folded again. */
const VERSION = 1;

/** What the partitions of a dataset have in common. */
interface Kind {
  readonly dataset: Dataset;
  /** What the records of its answers must keep. */
  readonly contract: Contract;
  /** What a fingerprint is made of beside the arrivals, as JSON. */
  readonly basis: string;
}

/** A partition of raw, and everything that is folded into it. */
export interface FoldWork extends FoldPlace, Kind {}

/** How what there is to fold is found: month by month for each dataset and account. */
export const FOLD_PARTS: PartPlan = { parts: partsOf, ground: groundOf };

function partsOf(context: StageContext, dataset: Dataset): readonly Part[] {
  const { selection } = context;
  if (!isChosen(dataset, selection.datasets)) return [];
  const kind = kindOf(context, dataset);
  return landedOf(context.lake, dataset, context.datasets)
    .filter(({ account }) => isAccountSelected(selection, account))
    .map((landed) => ({
      account: landed.account,
      folders: landed.hasDrops
        ? null
        : [...foldersOf(context.lake, landed), rawFolder(context, dataset, landed.account)],
      plan: () => ({
        tasks: planAccount(context, kind, landed.account),
        isByFolders: isToldByFolders(context.lake, landed),
      }),
    }));
}

function groundOf(context: StageContext, dataset: Dataset): Ground {
  const shelf = `landing-to-raw.${dataset.name}`;
  return { name: shelf, basis: kindOf(context, dataset).basis, shelves: [shelf] };
}

function kindOf(context: StageContext, dataset: Dataset): Kind {
  const contract = contractAt(`raw/${sourceOf(dataset, context.datasets).name}.schema.json`);
  const basis = JSON.stringify([VERSION, dataset, contract.sha256]).slice(1, -1);
  return { dataset, contract, basis };
}

/** Folder of the account's files in raw. */
function rawFolder(context: StageContext, dataset: Dataset, account: string): string {
  return dirname(rawFile(context.lake, dataset, wholePartition(account)));
}

function planAccount(context: StageContext, kind: Kind, account: string): readonly Task[] {
  const { dataset } = kind;
  const from = { accountId: account, among: context.datasets };
  const arrivals = arrivalsOf(context.lake, dataset, from);
  const present = namesIn(rawFolder(context, dataset, account));
  return [...byMonth(dataset, arrivals)]
    .filter(([month]) => isMonthSelected(context.selection, month))
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([month, ofMonth]) => {
      const partition = { account_id: account, month };
      return taskOf(context, { ...kind, partition, arrivals: ofMonth }, present);
    });
}

/** What planning found for each task that is to be done, so that execute() need not list landing again. */
const planned = new WeakMap<StageContext, Map<string, FoldWork>>();

/** `present`: the names of the files that the account has in raw. */
function taskOf(context: StageContext, work: FoldWork, present: ReadonlySet<string>): Task {
  const id = `landing-to-raw/${work.dataset.name}/${partitionLabel(work.partition)}`;
  const fingerprint = fingerprintOf(work, work.arrivals);
  const known = context.fingerprintOf(id);
  const isThere = context.outputsOf(id).every((output) => present.has(basename(output.path)));
  const state = known === null || !isThere ? 'missing' : known === fingerprint ? 'fresh' : 'stale';
  return {
    id,
    stage: 'landing-to-raw',
    dataset: work.dataset.name,
    partition: work.partition,
    fingerprint,
    state,
    bytes: state === 'fresh' ? 0 : bytesDue(context, id, work),
  };
}

/** Keeps what will be worked on, and gives the size of what has arrived since it was done last. */
function bytesDue(context: StageContext, id: string, work: FoldWork): number {
  if (!planned.has(context)) planned.set(context, new Map());
  planned.get(context)?.set(id, work);
  const due = work.arrivals.slice(context.memoryOf(id)?.arrivals ?? 0);
  return due.reduce((sum, arrival) => sum + arrival.bytes, 0);
}

/** SHA-256 over the answers, the contract, and the version of the code; never times. */
export function fingerprintOf(work: FoldWork, arrivals: readonly Arrival[]): string {
  const prints = arrivals.map((arrival) => arrival.fingerprint);
  return hashOf(Buffer.from(`[${work.basis},${JSON.stringify(prints)}]`));
}

/** What `plan` or `due` found for a task of the same context. Throws `BUG` when it was not planned. */
export function workOf(context: StageContext, task: Task): FoldWork {
  const work = planned.get(context)?.get(task.id);
  if (work !== undefined) return work;
  throw new AdlakeError({
    code: 'BUG',
    message: `Task ${task.id} was not planned in this run.`,
    remedy: 'Plan the stage before its tasks are executed.',
  });
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
