import { join } from 'node:path';
import { counted } from '../amount.ts';
import { listFiles, listFolders } from '../file.ts';
import { type Correction, correct } from '../landing/land.ts';
import { DATASETS } from '../pipeline.ts';
import { BATCHES } from '../platforms/internal/datasets.ts';
import { datasetOf, listQuarantine, type QuarantineRecord } from '../quarantine.ts';
import { stageTable } from '../report-run.ts';
import { runStages } from '../run.ts';
import { isAccountSelected, type Selection } from '../stage.ts';
import { openState } from '../state.ts';
import { type Lake, partitionLabel, zoneDir } from '../zone.ts';
import { type CommandContext, type Typed, usage } from './context.ts';
import { holdingLake } from './holding.ts';
import { quarantined } from './quarantine.ts';

/**
 * `adlake quarantine replay [ID]`: folds the partitions of refused records again, after a contract or
 * the code was mended. With `--set`, lands a mended copy of one record first. Says how many came back.
 */
export async function quarantineReplay(context: CommandContext, typed: Typed): Promise<number> {
  const changes = correctionsOf(typed);
  const [id] = typed.args;
  const record = id === undefined ? null : quarantined(context, id);
  if (record === null && changes.length > 0) {
    throw usage('--set mends one record, and no id was given.', 'Give the id before --set.');
  }
  const selection = record === null ? context.selection : partitionsOf(record);
  const before = listQuarantine(context.lake, selection);
  if (context.isDryRun || before.length === 0) return tellPlan(context, before);
  return holdingLake(context, 'quarantine replay', async () => {
    if (record !== null && changes.length > 0) landMended(context, record, changes);
    forget(context.lake, selection);
    const { lake, progress } = context;
    const stages = await runStages({ lake, progress, selection: withLog(selection) });
    context.tell(`\n${stageTable(stages)}`);
    return tellResult(context, before, listQuarantine(lake, selection));
  });
}

function tellPlan(context: CommandContext, before: readonly QuarantineRecord[]): number {
  const text =
    before.length === 0
      ? 'Nothing is in quarantine.'
      : `Would judge ${counted(before.length, 'refused record')} again.`;
  context.print(
    context.isJson ? `${JSON.stringify({ in_quarantine: before.length })}\n` : `${text}\n`,
  );
  return 0;
}

function tellResult(
  context: CommandContext,
  before: readonly QuarantineRecord[],
  after: readonly QuarantineRecord[],
): number {
  const left = new Set(after.map((record) => record.id));
  const back = before.filter((record) => !left.has(record.id)).length;
  const result = { before: before.length, back, still_refused: after.length };
  const text = `${back} of ${counted(before.length, 'record')} came back; in quarantine now: ${after.length}.`;
  context.print(context.isJson ? `${JSON.stringify(result, null, 2)}\n` : `${text}\n`);
  return 0;
}

function correctionsOf(typed: Typed): readonly Correction[] {
  const texts = (typed.options.set ?? []) as readonly string[];
  return texts.map((text) => {
    const at = text.indexOf('=');
    if (at > 0 && text.startsWith('/')) {
      return { pointer: text.slice(0, at), value: text.slice(at + 1) };
    }
    throw usage(
      `--set must be a JSON pointer, = and the new value, found ${JSON.stringify(text)}.`,
      'Write it like --set /spend=12.30, with the pointer that `adlake quarantine show` prints.',
    );
  });
}

function landMended(
  context: CommandContext,
  record: QuarantineRecord,
  changes: readonly Correction[],
): void {
  const dataset = datasetOf(record, DATASETS);
  if (dataset === undefined || dataset.platform === 'internal') {
    throw usage(
      `Record ${record.id} is of ${record.dataset}, which comes from files that people drop.`,
      'Correct the file in zones/landing/internal/, then run `adlake run --offline`.',
    );
  }
  const batch = correct(context.lake, dataset, { record, changes, now: context.now() });
  context.tell(`Landed the mended record as answer ${batch.batch_id}.`);
}

function partitionsOf(record: QuarantineRecord): Selection {
  const accounts = record.account_id === 'all' ? {} : { accounts: [record.account_id] };
  return { ...accounts, datasets: [record.dataset] };
}

/** A mended record is an answer of its own, so the lake's log of answers changes too. */
function withLog(selection: Selection): Selection {
  const { datasets } = selection;
  return datasets === undefined
    ? selection
    : { ...selection, datasets: [...datasets, BATCHES.name] };
}

/** Makes the stages do the partitions with refused records again, though nothing seems changed. */
function forget(lake: Lake, selection: Selection): void {
  const state = openState(lake);
  for (const label of quarantinedPartitions(lake, selection)) {
    for (const stage of ['landing-to-raw', 'raw-to-staging']) {
      const id = `${stage}/${label}`;
      const known = state.get(id);
      if (known !== undefined) state.set(id, { ...known, fingerprint: '' });
    }
  }
  state.save();
}

/** `<dataset>/<partition>` of every quarantine file of the selection. */
function quarantinedPartitions(lake: Lake, selection: Selection): readonly string[] {
  const { datasets } = selection;
  const chosen = DATASETS.filter(({ name }) => datasets?.includes(name) ?? true);
  return ['raw', 'staging'].flatMap((zone) =>
    chosen.flatMap((dataset) => {
      const root = join(zoneDir(lake, 'quarantine'), zone, dataset.platform, dataset.name);
      return listFolders(root)
        .map((name) => name.replace('account_id=', ''))
        .filter((account) => isAccountSelected(selection, account))
        .flatMap((account_id) =>
          listFiles(join(root, `account_id=${account_id}`)).map((file) => {
            const month = file.replace(/^month=(.+)\.ndjson$/, '$1');
            return `${dataset.name}/${partitionLabel({ account_id, month })}`;
          }),
        );
    }),
  );
}
