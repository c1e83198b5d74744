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
  /** Of all that its rows are made of but what they look up. */
  readonly print: string;
}

/** The units of a model that has a monthly rule, sorted by scope and month. */
export async function unitsOf(
  workspace: Workspace,
  model: Model,
  rule: MonthlyRule,
): Promise<readonly Unit[]> {
  const files = factFiles(workspace, model);
  const base = await basePrint(workspace, model, rule);
  const ofAccounts = splitOf(model) === 'account_id';
  const groups = new Map<string, InputFile[]>();
  for (const file of files) {
    const key = keyOf(ofAccounts ? file.account : null, file.month);
    const group = groups.get(key) ?? [];
    group.push(file);
    groups.set(key, group);
  }
  return [...groups]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([, own]) => {
      const scope = ofAccounts ? (own[0]?.account ?? null) : null;
      const month = own[0]?.month ?? '';
      const before = rule.reach === 1 ? (groups.get(keyOf(scope, monthBefore(month))) ?? []) : [];
      const needed = [...before, ...own];
      const print = hashOf(
        Buffer.from(JSON.stringify([base, needed.map(({ name, sha256 }) => [name, sha256])])),
      );
      return { scope, month, own, needed, print };
    });
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

/** The files that a model's rows are counted from: of staging, or of another curated model. */
export function factFiles(workspace: Workspace, model: Model): readonly InputFile[] {
  const { layer, name } = model.countedFrom;
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
  const facts = sqlName(model.countedFrom);
  const others = tablesIn(sql).filter(
    (table) => sqlName(table) !== facts && rule.lookups[sqlName(table)] === undefined,
  );
  const digests = await digestsOf(workspace, others);
  const contracts = [curatedSchema(model), schemaOf(model.countedFrom)].map(
    (schema) => contractAt(schema).sha256,
  );
  return JSON.stringify([CURATED_VERSION, DUCKDB_VERSION, contracts, sql, rule.reach, digests]);
}

function schemaOf(table: TableName): string {
  return `${table.layer}/${table.name}.schema.json`;
}

function keyOf(scope: string | null, month: string): string {
  return `${scope ?? ''}/${month}`;
}
