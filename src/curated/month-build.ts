import type { DuckDBConnection } from '@duckdb/node-api';
import {
  columnTypes,
  csvSource,
  quoteName,
  quoteText,
  rowsOf,
  typedColumns,
  unreadable,
} from '../duckdb/duckdb.ts';
import { columnsNamed, curatedSchema, type Model, modelSql, splitOf, sqlName } from '../model.ts';
import { checkBlocking } from '../quality/blocking.ts';
import type { InputFile } from '../staging/file.ts';
import type { Workspace } from '../workspace.ts';
import { MONTH, type Place } from './made.ts';
import { TRIMMED_ROWS, trim, withRoom } from './memory.ts';
import type { Unit } from './month-unit.ts';
import { finishFiles, type MadeFile } from './partition-file.ts';
import { parquetAt } from './shown.ts';

/** Rows lie in a staging file of another account or month: then no month can be made on its own. */
export class Misfiled extends Error {}

/** Which rows of a model are made. */
export type Asked =
  | { readonly kind: 'units'; readonly units: readonly Unit[] }
  /** All of them at once, wherever they lie. */
  | { readonly kind: 'whole'; readonly units: readonly Unit[] };

/** Where finished files are noted, so that they can be removed when something fails. */
export interface Making {
  readonly model: Model;
  readonly temporaries: string[];
}

/** Units are made together up to so many bytes of their files: small ones are many. */
const CHUNK_BYTES = 12_000_000;
/** Below this, one connection does it all. */
const WORTH_TWO_LANES_BYTES = 4_000_000;

/**
 * Makes the files of units, beside where they belong, checked and flushed to the disk. Throws `Misfiled`
 * when a staging file holds rows of another partition, `ACCOUNTING` for two rows of one key.
 */
export async function makeUnits(
  workspace: Workspace,
  making: Making,
  asked: Asked,
): Promise<readonly MadeFile[]> {
  const chunks = chunksOf(asked);
  if (chunks.length === 0) return [];
  const bytes = bytesIn(chunks.flat());
  const lanes = chunks.length > 1 && bytes > WORTH_TWO_LANES_BYTES ? workspace.lanes.size : 1;
  const all = { kind: asked.kind, chunks, lanes };
  return withRoom(
    workspace,
    () => makeInLanes(workspace, making, all),
    () => makeInLanes(workspace, making, { ...all, lanes: 1 }),
  );
}

async function makeInLanes(
  workspace: Workspace,
  making: Making,
  all: Chunks & { readonly lanes: number },
): Promise<readonly MadeFile[]> {
  const { kind, chunks, lanes } = all;
  if (lanes === 1) return makeChunks(workspace, making, all);
  const share = Math.ceil(chunks.length / lanes);
  const done = await Promise.allSettled(
    Array.from({ length: lanes }, (_, lane) =>
      makeChunks(workspace, making, {
        kind,
        chunks: chunks.slice(lane * share, (lane + 1) * share),
      }),
    ),
  );
  const failed = done.find((each) => each.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return done.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
}

interface Chunks {
  readonly kind: Asked['kind'];
  readonly chunks: readonly (readonly Unit[])[];
}

function chunksOf(asked: Asked): readonly (readonly Unit[])[] {
  if (asked.kind === 'whole') return [asked.units];
  const chunks: Unit[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const unit of asked.units) {
    if (size + bytesOf(unit) > CHUNK_BYTES) {
      chunks.push([]);
      size = 0;
    }
    chunks.at(-1)?.push(unit);
    size += bytesOf(unit);
  }
  return chunks;
}

function rowsIn(counted: ReadonlyMap<string, number>): number {
  return [...counted.values()].reduce((sum, rows) => sum + rows, 0);
}

function bytesIn(units: readonly Unit[]): number {
  return units.reduce((sum, unit) => sum + bytesOf(unit), 0);
}

function bytesOf(unit: Unit): number {
  return unit.own.reduce((sum, file) => sum + file.bytes, 0);
}

/** A connection that makes one chunk after the other, and the files that are in its tables. */
interface Lane {
  readonly workspace: Workspace;
  readonly model: Model;
  readonly connection: DuckDBConnection;
  /** What is in each table. */
  readonly loaded: Map<string, Loaded>;
  tables: number;
}

interface Loaded {
  /** Names of its files. */
  readonly names: ReadonlySet<string>;
  /** Numbers of its rows, by the partition that they are in. */
  readonly counts: ReadonlyMap<string, number>;
}

async function makeChunks(
  workspace: Workspace,
  making: Making,
  of: Chunks,
): Promise<readonly MadeFile[]> {
  return workspace.lanes.use((connection) => makeInLane(workspace, making, { ...of, connection }));
}

async function makeInLane(
  workspace: Workspace,
  making: Making,
  of: Chunks & { readonly connection: DuckDBConnection },
): Promise<readonly MadeFile[]> {
  const { model } = making;
  const { connection } = of;
  const lane: Lane = { workspace, model, connection, loaded: new Map(), tables: 0 };
  const made: MadeFile[] = [];
  try {
    for (const chunk of of.chunks) {
      await loadFacts(lane, { chunk, isMixed: of.kind === 'whole' });
      const where = of.kind === 'whole' ? 'true' : whereOf(model, chunk);
      await makeRows(lane, where);
      await checkBlocking(workspace, { connection, model, table: 'made' });
      const counted = countedIn(lane);
      const prints = new Map(chunk.map((unit) => [placeKey(model, unit), unit.print]));
      const note = (place: Place): string => {
        const print = of.kind === 'whole' ? 'whole' : (prints.get(noteKey(model, place)) ?? '');
        return `${print} ${counted.get(`${place.value}/${place.month}`) ?? 0}`;
      };
      made.push(...(await finishFiles(workspace, making, { connection, table: 'made', note })));
      await connection.run('drop table temp.main.made');
      if (rowsIn(counted) > TRIMMED_ROWS) await trim(workspace, connection);
    }
  } finally {
    await tidy(lane);
  }
  return made;
}

/** The lane goes on to somebody else. */
async function tidy({ connection, model, loaded }: Lane): Promise<void> {
  const tables = ['made', ...loaded.keys()].map((name) => `drop table if exists temp.main.${name}`);
  const view = `drop view if exists temp.main.${model.countedFrom.name}`;
  await connection.run([view, ...tables].join('; ')).catch(() => {});
}

function placeKey(model: Model, unit: Unit): string {
  return noteKey(model, { value: unit.scope ?? '', month: unit.month });
}

function noteKey(model: Model, place: Place): string {
  return splitOf(model) === 'account_id' ? `${place.value}/${place.month}` : place.month;
}

/** Loads what the chunk needs and is not there yet, lets go of the rest, and shows it as one view. */
async function loadFacts(
  lane: Lane,
  of: { readonly chunk: readonly Unit[]; readonly isMixed: boolean },
): Promise<void> {
  const needed = new Map(
    of.chunk.flatMap((unit) => unit.needed.map((file) => [file.name, file] as const)),
  );
  const there = new Set([...lane.loaded.values()].flatMap(({ names }) => [...names]));
  const missing = [...needed.values()].filter(({ name }) => !there.has(name));
  for (const [table, { names }] of lane.loaded) {
    if ([...names].some((name) => needed.has(name))) continue;
    await lane.connection.run(`drop table temp.main.${table}`);
    lane.loaded.delete(table);
  }
  if (missing.length > 0 || lane.loaded.size === 0) await loadFiles(lane, missing, of.isMixed);
  const parts = [...lane.loaded.keys()].map((table) => `select * from temp.main.${table}`);
  await lane.connection.run(
    `create or replace temp view ${lane.model.countedFrom.name} as ${parts.join(' union all ')}`,
  );
}

async function loadFiles(lane: Lane, files: readonly InputFile[], isMixed: boolean): Promise<void> {
  const table = `facts_${lane.tables++}`;
  const { layer, name } = lane.model.countedFrom;
  const types = columnTypes(`${layer}/${name}.schema.json`);
  const columns = columnsNamed(textOf(lane.model), {
    table: lane.model.countedFrom,
    columns: types.map(([column]) => column),
  });
  const paths = files.map(({ path }) => path);
  const source =
    layer === 'staging' ? csvSource(types, paths, 'file_path') : parquetAt(paths, 'file_path');
  const list = columns.map(quoteName).join(', ');
  try {
    const sql = `create or replace temp table ${table} as select ${list}, file_path from ${source}`;
    await lane.connection.run(sql);
  } catch (cause) {
    throw unreadable({ table: sqlName(lane.model.countedFrom), paths }, cause);
  }
  const counts = await countFiled(lane, table, isMixed || layer !== 'staging' ? null : files);
  lane.loaded.set(table, { names: new Set(files.map((file) => file.name)), counts });
}

/**
 * Counts the rows of a table by the partition that they are in. Where files are told, one that is named
 * for a partition must hold its rows and no others.
 */
async function countFiled(
  lane: Lane,
  table: string,
  files: readonly InputFile[] | null,
): Promise<ReadonlyMap<string, number>> {
  const expected = new Map(files?.map((file) => [file.path, `${file.account}/${file.month}`]));
  const found = await rowsOf(
    lane.connection,
    `select file_path, account_id, ${quoteName(splitOf(lane.model))} as value, ${MONTH} as month, count(*) as total from temp.main.${table} group by file_path, account_id, value, month`,
  );
  const counts = new Map<string, number>();
  for (const { file_path, account_id, value, month, total } of found) {
    const filed = expected.get(String(file_path)) ?? null;
    if (filed !== null && filed !== `${String(account_id)}/${String(month)}`) throw new Misfiled();
    const place = `${String(value)}/${String(month)}`;
    counts.set(place, (counts.get(place) ?? 0) + Number(total));
  }
  return counts;
}

/** Makes the table `made` of the rows of a model that the condition wants, from the view of its facts. */
async function makeRows(lane: Lane, where: string): Promise<void> {
  const { model } = lane;
  const facts = sqlName(model.countedFrom);
  const text = textOf(model).replaceAll(
    new RegExp(`\\b${facts}\\b`, 'g'),
    `temp.main.${model.countedFrom.name}`,
  );
  await lane.connection.run(
    `create or replace temp table made as select ${typedColumns(curatedSchema(model))} from (\n${text}\n) as model where ${where}`,
  );
}

/** Rows of the facts that are loaded, by the partition that they are in. */
function countedIn(lane: Lane): ReadonlyMap<string, number> {
  const counted = new Map<string, number>();
  for (const { counts } of lane.loaded.values()) {
    for (const [place, rows] of counts) counted.set(place, (counted.get(place) ?? 0) + rows);
  }
  return counted;
}

/** The rows of these units, as a condition on `date` and the column that splits the model. */
function whereOf(model: Model, units: readonly Unit[]): string {
  const months = units.map((unit) => quoteText(unit.month));
  if (splitOf(model) !== 'account_id') return `${MONTH} in (${months.join(', ')})`;
  const [first] = units;
  if (units.length === 1 && first !== undefined) {
    const day = `cast(${quoteText(`${first.month}-01`)} as date)`;
    return `account_id = ${quoteText(first.scope ?? '')} and date_trunc('month', date) = ${day}`;
  }
  const pairs = units.map((unit) => `(${quoteText(unit.scope ?? '')}, ${quoteText(unit.month)})`);
  return `(account_id, ${MONTH}) in (${pairs.join(', ')})`;
}

function textOf(model: Model): string {
  return modelSql({ layer: 'curated', name: model.name });
}
