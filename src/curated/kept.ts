import type { DuckDBConnection } from '@duckdb/node-api';
import { createTable } from '../duckdb/duckdb.ts';
import {
  KEPT_BY_MONTH,
  type KeptRule,
  modelSql,
  sqlName,
  type TableName,
  tablesIn,
  withAncestors,
} from '../model.ts';
import type { Workspace } from '../workspace.ts';
import {
  inMonths,
  type KeptMonth,
  type KeptTable,
  keepMonths,
  keptFiles,
  monthsOf,
  readFor,
} from './kept-month.ts';
import { LARGE_ROWS, trim } from './memory.ts';
import { parquetAt } from './shown.ts';
import { buildAll, rowsIn } from './table.ts';

/** Of fewer rows that are read, a table is made in less time than it takes to see what is kept of it. */
const LEAST_ROWS = 5000;

/** Begins to make those of the tables that are kept by month (`KEPT_BY_MONTH`) and that nobody makes yet. */
export function buildKept(workspace: Workspace, tables: readonly TableName[]): void {
  for (const table of tables) {
    const rule = KEPT_BY_MONTH[sqlName(table)];
    if (rule === undefined || workspace.built.has(sqlName(table))) continue;
    const making = makeKept(workspace, { table, rule, leastRows: LEAST_ROWS });
    making.catch(() => {});
    workspace.built.set(sqlName(table), making);
  }
}

/**
 * Makes a table that is kept by month: only months of which something has changed that their rows are made of, from
 * the rows that these need. Its rows are those that its text gives of everything, in another order. What is
 * kept may be removed or damaged at any time: then more is made. With less than `leastRows` rows to make
 * it of, nothing is kept.
 */
export async function makeKept(
  workspace: Workspace,
  of: { readonly table: TableName; readonly rule: KeptRule; readonly leastRows: number },
): Promise<void> {
  if ((await rowsIn(workspace, of.rule.from)) < of.leastRows) {
    await makeAll(workspace, of.table);
    return;
  }
  const kept = keptTable(of.table, of.rule);
  const months = await monthsOf(workspace, kept);
  const files = keptFiles(workspace, of.table, months);
  const due = months.filter(({ month }) => !files.has(month));
  if (files.size > 0) await makeDue(workspace, kept, { due, files });
  else await makeAndKeepAll(workspace, kept, due);
}

/** Throws when a table between is no model of the layer `intermediate`. */
export function keptTable(table: TableName, rule: KeptRule): KeptTable {
  const isFrom = (each: TableName): boolean => sqlName(each) === sqlName(rule.from);
  const comesFrom = (each: TableName): boolean =>
    each.layer === 'intermediate' && withAncestors(each).some(isFrom);
  const steps = withAncestors(table).filter((each) => comesFrom(each) && !isFrom(each));
  const read = steps.flatMap((each) => tablesIn(modelSql(each)));
  const others = new Map(
    read.filter((each) => !comesFrom(each)).map((each) => [sqlName(each), each]),
  );
  return { table, rule, steps, others: [...others.values()] };
}

async function makeAll(workspace: Workspace, table: TableName): Promise<void> {
  const sql = modelSql(table);
  await buildAll(workspace, tablesIn(sql));
  await workspace.lanes.use(async (connection) => {
    const rows = await createTable(connection, sqlName(table), `\n${sql}`);
    workspace.rows.set(sqlName(table), rows);
    if (rows > LARGE_ROWS) await trim(workspace, connection);
  });
}

async function makeAndKeepAll(
  workspace: Workspace,
  { table }: KeptTable,
  months: readonly KeptMonth[],
): Promise<void> {
  await makeAll(workspace, table);
  await workspace.lanes.use((connection) =>
    keepMonths(workspace, { connection, table, rows: sqlName(table), months, kept: new Map() }),
  );
}

/** Months to make, and files of the others. */
interface Made {
  readonly due: readonly KeptMonth[];
  readonly files: ReadonlyMap<string, string>;
}

async function makeDue(workspace: Workspace, of: KeptTable, made: Made): Promise<void> {
  await buildAll(workspace, of.others);
  await workspace.lanes.use(async (connection) => {
    const name = sqlName(of.table);
    const files = parquetAt([...made.files.values()]);
    let rows = await createTable(connection, name, `select * from ${files}`);
    if (made.due.length > 0) {
      try {
        rows += await addDue(workspace, of, { ...made, connection });
      } finally {
        await dropSteps(connection, of);
      }
    }
    workspace.rows.set(name, rows);
    await trim(workspace, connection);
  });
}

/** Makes the rows of months that are due, keeps them and adds them to those that were kept; gives their number. */
async function addDue(
  workspace: Workspace,
  of: KeptTable,
  made: Made & { readonly connection: DuckDBConnection },
): Promise<number> {
  const { connection, due } = made;
  const { table, rule, steps } = of;
  const months = due.map(({ month }) => month);
  const read = `select * from ${sqlName(rule.from)} where ${readFor(rule, months)}`;
  await connection.run(`create or replace temp table ${rule.from.name} as ${read}`);
  for (const step of steps) {
    await connection.run(`create or replace temp table ${step.name} as\n${ownText(of, step)}`);
  }
  const rows = own(table);
  await keepMonths(workspace, { connection, table, rows, months: due, kept: made.files });
  const added = `insert into ${sqlName(table)} select * from ${rows} where ${inMonths(months)}`;
  return (await connection.run(added)).rowsChanged;
}

/** The text of a table, reading what this connection has of the tables before it. */
function ownText({ rule, steps }: KeptTable, step: TableName): string {
  return [rule.from, ...steps].reduce(
    (text, each) => text.replaceAll(new RegExp(`\\b${sqlName(each)}\\b`, 'g'), own(each)),
    modelSql(step),
  );
}

/** Name of what a connection has of a table for itself. */
function own({ name }: TableName): string {
  return `temp.main.${name}`;
}

async function dropSteps(connection: DuckDBConnection, of: KeptTable): Promise<void> {
  const drops = [of.rule.from, ...of.steps].map((each) => `drop table if exists ${own(each)}`);
  await connection.run(drops.join('; '));
}
