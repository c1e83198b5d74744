import { emptySelect, quoteText } from '../duckdb/duckdb.ts';
import { modelSql, sqlName, type TableName } from '../model.ts';
import type { InputFile } from '../staging/file.ts';
import type { Window } from '../window.ts';
import { MONTH } from './made.ts';
import { inDays } from './month-part.ts';
import { countRows, type Lane, loadedRows } from './month-table.ts';
import { schemaOf, type Unit } from './month-unit.ts';
import { parquetAt } from './shown.ts';

/** Months that are made together; mixed when rows may lie in the file of another month. */
export interface Chunk {
  readonly chunk: readonly Unit[];
  readonly isMixed: boolean;
}

/**
 * Shows the rows that a chunk is made of, and few others, under the names that `factsText` uses; of some days,
 * where these are told. Throws `Misfiled` when a staging file that is named for a partition holds rows of
 * another one.
 */
export async function showFacts(lane: Lane, of: Chunk, days: Window | null): Promise<void> {
  for (const table of lane.monthly) {
    const source = await sourceOf(lane, table, of);
    const where = days === null ? '' : ` where ${inDays(days)}`;
    await lane.connection.run(
      `create or replace temp view ${table.name} as select * from (select * from ${source}) as facts${where}`,
    );
  }
}

/** The text of the model, reading what `showFacts` shows. */
export function factsText({ model, monthly }: Lane): string {
  return monthly.reduce(
    (text, table) =>
      text.replaceAll(new RegExp(`\\b${sqlName(table)}\\b`, 'g'), `temp.main.${table.name}`),
    modelSql({ layer: 'curated', name: model.name }),
  );
}

/**
 * Looks back for all rows of a chunk that the condition wants, once, where their model looks back; gives the text
 * of the model that takes what was found, and reads no more than the days of its rows.
 */
export async function lookBack(lane: Lane, of: Chunk, where: string): Promise<string> {
  const text = factsText(lane);
  const by = lane.model.byMonth?.lookBack?.by;
  if (by === undefined) return text;
  await showFacts(lane, of, null);
  const begin = text.search(new RegExp(`^${by} as \\($`, 'm'));
  const end = text.indexOf('\n)', begin) + '\n)'.length;
  await lane.connection.run(
    `create or replace temp table looked_back as ${text.slice(0, end)} select * from ${by} where ${where}`,
  );
  return `${text.slice(0, begin)}${by} as (select * from temp.main.looked_back)${text.slice(end)}`;
}

/** Rows that are counted among those that are shown, by the partition that they are in. */
export function countedIn({ model, loaded }: Lane): ReadonlyMap<string, number> {
  const counted = new Map<string, number>();
  const facts = [...loaded.values()].filter((each) => each.of === sqlName(model.countedFrom));
  for (const { counts } of facts) {
    for (const [place, rows] of counts) counted.set(place, (counted.get(place) ?? 0) + rows);
  }
  return counted;
}

/** The lane goes on to somebody else. */
export async function hideFacts({ connection, monthly, loaded }: Lane): Promise<void> {
  const views = monthly.map(({ name }) => `drop view if exists temp.main.${name}`);
  const tables = [...loaded.keys(), 'looked_back'].map(
    (name) => `drop table if exists temp.main.${name}`,
  );
  await connection.run([...views, ...tables].join('; ')).catch(() => {});
}

/** Rows of a table that a chunk needs, and few others, as what follows `select * from`. */
async function sourceOf(lane: Lane, table: TableName, of: Chunk): Promise<string> {
  const isCounted = sqlName(table) === sqlName(lane.model.countedFrom);
  if (table.layer === 'intermediate') return rowsInMemory(lane, { table, isCounted, ...of });
  const files = filesOf(of.chunk, (unit) =>
    isCounted ? unit.own : (unit.beside.get(sqlName(table)) ?? []),
  );
  if (files.length === 0) return `(${emptySelect(schemaOf(table))})`;
  if (table.layer === 'curated' && !isCounted) return parquetAt(files.map(({ path }) => path));
  const own = new Set(files.map(({ name }) => name));
  const needed = isCounted ? filesOf(of.chunk, (unit) => unit.needed) : [];
  const others = needed.filter(({ name }) => !own.has(name));
  return loadedRows(
    lane,
    of.isMixed
      ? { table, isCounted, files: [...files, ...others], behind: [], isMixed: true }
      : { table, isCounted, files, behind: others, isMixed: false },
  );
}

/** Files of units, each once. */
function filesOf(
  units: readonly Unit[],
  of: (unit: Unit) => readonly InputFile[],
): readonly InputFile[] {
  return [...new Map(units.flatMap(of).map((file) => [file.name, file])).values()];
}

async function rowsInMemory(
  lane: Lane,
  of: Chunk & { readonly table: TableName; readonly isCounted: boolean },
): Promise<string> {
  const { chunk, isMixed, isCounted } = of;
  const name = sqlName(of.table);
  const months = chunk.map(({ month }) => quoteText(month));
  const rows = isMixed ? name : `${name} where ${MONTH} in (${months.join(', ')})`;
  if (isCounted) {
    const counts = await countRows(lane, { rows, isCounted, path: 'null', files: null });
    lane.loaded.set(IN_MEMORY, { of: name, names: new Set(), isBehind: false, counts });
  }
  return rows;
}

/** Stands for the counts of rows that are in no table of the connection's own. */
const IN_MEMORY = 'in_memory';
