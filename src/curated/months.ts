import {
  type Model,
  type MonthlyRule,
  modelSql,
  sqlName,
  type TableName,
  tablesIn,
} from '../model.ts';
import type { OutputFile } from '../stage.ts';
import type { Workspace } from '../workspace.ts';
import { touchedBy, writeLookups } from './lookup.ts';
import { type Made, removeOthers } from './made.ts';
import { makeUnits } from './month-build.ts';
import { Misfiled } from './month-table.ts';
import {
  isReaching,
  monthAfter,
  monthlyTables,
  type Unit,
  unitKey,
  unitKeyOf,
  unitsOf,
} from './month-unit.ts';
import { type MadeFile, placeFiles, removeTemporaries } from './partition-file.ts';
import { fileChecks } from './recorded-file.ts';
import { buildAll } from './table.ts';

/**
 * Makes a model that has a monthly rule current: only months of which something that their rows are made
 * of has changed. The files are the same as if all had been made anew. All new files are finished before
 * the first of them is put in place.
 */
export async function makeMonths(
  workspace: Workspace,
  model: Model,
  rule: MonthlyRule,
): Promise<Made> {
  const checks = fileChecks(workspace.context.lake, model.name);
  const read = monthlyTables(model).filter(({ layer }) => layer === 'curated');
  await Promise.all(read.map(({ name }) => workspace.placing.get(name)));
  const units = await unitsOf(workspace, model, rule);
  if (units.length === 0) return noMonths(workspace, model);
  const kept = keptUnits(workspace, { model, units, isAsRecorded: checks.isAsRecorded });
  const files = [...kept.values()].flat();
  const touched = await touchedBy(workspace, { model, rule, files });
  for (const file of touched.files) forget(kept, { file, model, rule });
  const due = units.filter((unit) => !kept.has(unitKey(unit)));
  if (due.length > 0) await buildAll(workspace, lookedAt(model));
  const fresh = await makeFresh(workspace, { model, units, due });
  const made = fresh.files.map(({ output }) => output);
  const outputs = [...(fresh.isWhole ? [] : [...kept.values()].flat()), ...made].sort(byPath);
  const keep = await writeLookups(workspace, model, touched.changed);
  const place = async (): Promise<void> => {
    await placeFiles(fresh.files);
    removeOthers(workspace, model, outputs);
    keep();
    checks.remember(outputs);
  };
  const rowsIn = outputs.reduce((sum, output) => sum + rowsInOf(output), 0);
  return { outputs, rowsIn, placed: place() };
}

/** Without rows to count there are no files, and nothing is looked up. */
function noMonths(workspace: Workspace, model: Model): Made {
  removeOthers(workspace, model, []);
  fileChecks(workspace.context.lake, model.name).remember([]);
  return { outputs: [], rowsIn: 0, placed: Promise.resolve() };
}

/** Units whose files are there as they were made, of what they would be made of now. */
function keptUnits(
  workspace: Workspace,
  of: {
    readonly model: Model;
    readonly units: readonly Unit[];
    readonly isAsRecorded: (file: OutputFile) => boolean;
  },
): Map<string, readonly OutputFile[]> {
  const recorded = new Map<string, OutputFile[]>();
  for (const file of workspace.context.outputsOf(`staging-to-curated/${of.model.name}`)) {
    const key = unitKeyOf(of.model, file);
    recorded.set(key, [...(recorded.get(key) ?? []), { ...file, changed: false }]);
  }
  const kept = new Map<string, readonly OutputFile[]>();
  for (const unit of of.units) {
    const files = recorded.get(unitKey(unit)) ?? [];
    const isSame = files.length > 0 && files.every((file) => printIn(file) === unit.print);
    if (isSame && files.every(of.isAsRecorded)) kept.set(unitKey(unit), files);
  }
  return kept;
}

/** A touched month is made again, and the one after it where rows look back. */
function forget(
  kept: Map<string, readonly OutputFile[]>,
  at: { readonly file: OutputFile; readonly model: Model; readonly rule: MonthlyRule },
): void {
  const key = unitKeyOf(at.model, at.file);
  kept.delete(key);
  const [scope = '', month = ''] = key.split('/');
  if (isReaching(at.rule)) kept.delete(`${scope}/${monthAfter(month)}`);
}

/** Tables of the model that must be there as a whole: those whose files are not read month by month. */
function lookedAt(model: Model): readonly TableName[] {
  const filed = monthlyTables(model).filter(({ layer }) => layer !== 'intermediate');
  const names = new Set(filed.map(sqlName));
  return tablesIn(modelSql({ layer: 'curated', name: model.name })).filter(
    (table) => !names.has(sqlName(table)),
  );
}

interface Fresh {
  readonly files: readonly MadeFile[];
  /** True when these are all files of the model, whatever was kept. */
  readonly isWhole: boolean;
}

async function makeFresh(
  workspace: Workspace,
  of: { readonly model: Model; readonly units: readonly Unit[]; readonly due: readonly Unit[] },
): Promise<Fresh> {
  const { model, units, due } = of;
  const temporaries: string[] = [];
  const into = { model, temporaries };
  try {
    try {
      const files = await makeUnits(workspace, into, { kind: 'units', units: due });
      return { files, isWhole: false };
    } catch (error) {
      if (!(error instanceof Misfiled)) throw error;
    }
    removeTemporaries(temporaries);
    return { files: await makeUnits(workspace, into, { kind: 'whole', units }), isWhole: true };
  } catch (error) {
    removeTemporaries(temporaries);
    throw error;
  }
}

function printIn(file: OutputFile): string {
  return file.digest?.split(' ')[0] ?? '';
}

function rowsInOf(file: OutputFile): number {
  return Number(file.digest?.split(' ')[1] ?? 0);
}

function byPath(left: OutputFile, right: OutputFile): number {
  return left.path < right.path ? -1 : 1;
}
