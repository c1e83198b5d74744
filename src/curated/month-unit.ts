import { contractAt } from '../contract.ts';
import { DUCKDB_VERSION } from '../duckdb/duckdb.ts';
import { hashOf } from '../file.ts';
import {
  curatedSchema,
  type Model,
  type MonthlyRule,
  modelSql,
  splitOf,
  sqlName,
  type TableName,
  tablesIn,
} from '../model.ts';
import type { OutputFile } from '../stage.ts';
import type { InputFile } from '../staging/file.ts';
import type { Workspace } from '../workspace.ts';
import { CURATED_VERSION } from './fingerprint.ts';
import { placeOf } from './made.ts';
import { rowsByMonth } from './month-rows.ts';
import { digestsOf } from './table.ts';

/** The rows of a model that are made together: a month of an account, or of everything. */
export interface Unit {
  /** The account, where the model is split by account; null where a month is of all accounts. */
  readonly scope: string | null;
  readonly month: string;
  /** Files with the rows of the month that are counted. */
  readonly own: readonly InputFile[];
  /** Those and the files of the months before that rows look back into. */
  readonly needed: readonly InputFile[];
  /** Files of the month of further tables, by the table's name in SQL. */
  readonly beside: ReadonlyMap<string, readonly InputFile[]>;
  /** Of all that its rows are made of but what they look up. */
  readonly print: string;
}

/** The units of a model that has a monthly rule, sorted by scope and month. */
export async function unitsOf(
  workspace: Workspace,
  model: Model,
  rule: MonthlyRule,
): Promise<readonly Unit[]> {
  const files = await filesByMonth(workspace, model);
  const base = await basePrint(workspace, model, rule);
  const { [sqlName(model.countedFrom)]: groups = NO_FILES, ...others } = files;
  return [...groups]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, own]) => {
      const { scope, month } = scopeOf(model, own[0]);
      const before = isReaching(rule) ? (groups.get(keyOf(scope, monthBefore(month))) ?? []) : [];
      const needed = [...before, ...own];
      const beside = new Map(
        Object.entries(others).map(([name, byKey]) => [name, byKey.get(key) ?? []]),
      );
      const inputs = [needed, ...beside.values()].map((all) =>
        all.map(({ name, sha256 }) => [name, sha256]),
      );
      const print = hashOf(Buffer.from(JSON.stringify([base, ...inputs])));
      return { scope, month, own, needed, beside, print };
    });
}

type FilesByUnit = ReadonlyMap<string, readonly InputFile[]>;

const NO_FILES: FilesByUnit = new Map();

/** True when rows of a month are made of rows of the month before, too. */
export function isReaching(rule: MonthlyRule): boolean {
  return rule.lookBack !== undefined;
}

/** Files of the tables that are read month by month, by the table's name and the unit's key. */
async function filesByMonth(
  workspace: Workspace,
  model: Model,
): Promise<Readonly<Record<string, FilesByUnit>>> {
  const tables = monthlyTables(model);
  const inMemory = tables.filter(({ layer }) => layer === 'intermediate');
  const rows = await rowsByMonth(workspace, inMemory, splitOf(model) === 'account_id');
  return Object.fromEntries(
    tables.map((table) => {
      const groups = new Map<string, InputFile[]>();
      for (const file of rows.get(sqlName(table)) ?? filesOf(workspace, table)) {
        const { scope, month } = scopeOf(model, file);
        const key = keyOf(scope, month);
        const group = groups.get(key);
        if (group === undefined) groups.set(key, [file]);
        else group.push(file);
      }
      return [sqlName(table), groups] as const;
    }),
  );
}

function scopeOf(model: Model, file: InputFile | undefined): Pick<Unit, 'scope' | 'month'> {
  const scope = splitOf(model) === 'account_id' ? (file?.account ?? null) : null;
  return { scope, month: file?.month ?? '' };
}

/** The tables of a model that are read month by month, the one whose rows are counted first. */
export function monthlyTables(model: Model): readonly TableName[] {
  const named = tablesIn(modelSql({ layer: 'curated', name: model.name }));
  const others = named.filter((table) => model.byMonth?.sameMonth?.includes(sqlName(table)));
  return [model.countedFrom, ...others];
}

/** The unit of a partition's file, as `unitKey` names it. */
export function unitKeyOf(model: Model, file: OutputFile): string {
  const place = placeOf(file.path);
  return keyOf(splitOf(model) === 'account_id' ? (place?.value ?? '') : null, place?.month ?? '');
}

/** Names a unit among those of its model. */
export function unitKey(unit: Pick<Unit, 'scope' | 'month'>): string {
  return keyOf(unit.scope, unit.month);
}

/** The files of a table of staging, or of another curated model that is split by account and month. */
export function filesOf(workspace: Workspace, { layer, name }: TableName): readonly InputFile[] {
  if (layer === 'staging') return workspace.filesOf(name);
  const { home } = workspace.context.lake;
  return (workspace.published.get(name) ?? []).flatMap(({ path, sha256, bytes }) => {
    const place = placeOf(path);
    if (place === null) return [];
    const { value: account, month } = place;
    return [{ path: `${home}/${path}`, name: path, sha256, bytes, account, month }];
  });
}

/** The month after one, `YYYY-MM`. */
export function monthAfter(month: string): string {
  return shifted(month, 1);
}

function monthBefore(month: string): string {
  return shifted(month, -1);
}

function shifted(month: string, by: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  const months = year * 12 + number - 1 + by;
  const shown = String((months % 12) + 1).padStart(2, '0');
  return `${String(Math.floor(months / 12)).padStart(4, '0')}-${shown}`;
}

/** Of what concerns every month: the model itself, and tables that it names without saying how. */
async function basePrint(workspace: Workspace, model: Model, rule: MonthlyRule): Promise<string> {
  const sql = modelSql({ layer: 'curated', name: model.name });
  const monthly = monthlyTables(model);
  const known = new Set([...monthly.map(sqlName), ...Object.keys(rule.lookups)]);
  const others = tablesIn(sql).filter((table) => !known.has(sqlName(table)));
  const digests = await digestsOf(workspace, others);
  const filed = monthly.filter(({ layer }) => layer !== 'intermediate');
  const contracts = [curatedSchema(model), ...filed.map(schemaOf)].map(
    (schema) => contractAt(schema).sha256,
  );
  return JSON.stringify([
    CURATED_VERSION,
    DUCKDB_VERSION,
    contracts,
    sql,
    rule.lookBack ?? null,
    digests,
  ]);
}

/** Path of a table's contract, as `contractAt` takes it: of staging or curated. */
export function schemaOf(table: TableName): string {
  return `${table.layer}/${table.name}.schema.json`;
}

function keyOf(scope: string | null, month: string): string {
  return `${scope ?? ''}/${month}`;
}
