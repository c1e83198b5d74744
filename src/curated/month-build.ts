import type { DuckDBConnection } from '@duckdb/node-api';
import { quoteText, typedColumns } from '../duckdb/duckdb.ts';
import { curatedSchema, type Model, splitOf } from '../model.ts';
import { checkBlocking } from '../quality/blocking.ts';
import type { Workspace } from '../workspace.ts';
import { MONTH, orderOf, type Place } from './made.ts';
import { TRIMMED_ROWS, trim, withRoom } from './memory.ts';
import { type Chunk, countedIn, factsText, hideFacts, lookBack, showFacts } from './month-facts.ts';
import { daysOfMonth, inDays, inPart, type Part, partsOf } from './month-part.ts';
import { type Lane, leaveBehind, newLane } from './month-table.ts';
import type { Unit } from './month-unit.ts';
import { finishFiles, liesInOrder, type MadeFile } from './partition-file.ts';

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
  const most = Math.min(CHUNK_BYTES, workspace.memory.partBytes);
  const chunks = chunksOf(asked, most);
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

function chunksOf(asked: Asked, most: number): readonly (readonly Unit[])[] {
  if (asked.kind === 'whole') return [asked.units];
  const chunks: Unit[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const unit of asked.units) {
    if (size + bytesOf(unit) > most) {
      chunks.push([]);
      size = 0;
    }
    chunks.at(-1)?.push(unit);
    size += bytesOf(unit);
  }
  return chunks;
}

function rowsOfAll(files: readonly MadeFile[]): number {
  return files.reduce((sum, { output }) => sum + output.rows, 0);
}

function bytesIn(units: readonly Unit[]): number {
  return units.reduce((sum, unit) => sum + bytesOf(unit), 0);
}

function bytesOf(unit: Unit): number {
  const files = [...unit.own, ...[...unit.beside.values()].flat()];
  return files.reduce((sum, file) => sum + file.bytes, 0);
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
  const lane = newLane(model, connection);
  const made: MadeFile[] = [];
  try {
    for (const chunk of of.chunks) {
      const isSorted = await makeChunk(workspace, lane, { chunk, isMixed: of.kind === 'whole' });
      await checkBlocking(workspace, { connection, model, table: 'made' });
      const counted = countedIn(lane);
      const prints = new Map(chunk.map((unit) => [placeKey(model, unit), unit.print]));
      const note = (place: Place): string => {
        const print = of.kind === 'whole' ? 'whole' : (prints.get(noteKey(model, place)) ?? '');
        return `${print} ${counted.get(`${place.value}/${place.month}`) ?? 0}`;
      };
      const finishing = { connection, table: 'made', isSorted, note };
      const files = await finishFiles(workspace, making, finishing);
      made.push(...files);
      await connection.run('drop table temp.main.made');
      if (rowsOfAll(files) > TRIMMED_ROWS) await trim(workspace, connection);
    }
  } finally {
    await connection
      .run('drop table if exists temp.main.made; drop table if exists temp.main.unsorted')
      .catch(() => {});
    await hideFacts(lane);
  }
  return made;
}

/**
 * Makes the table `made` of the rows of a chunk; gives true when they lie in the order of the key there. In
 * several parts, each is sorted on its own: to sort them all at once takes more memory than to make them.
 */
async function makeChunk(workspace: Workspace, lane: Lane, of: Chunk): Promise<boolean> {
  const rows = of.isMixed ? 'true' : whereOf(lane.model, of.chunk);
  const parts = partsOf(of.isMixed ? [] : of.chunk, workspace.memory.partBytes);
  if (parts.length === 1) {
    await showFacts(lane, of, null);
    await makeRows(lane, CREATE, `(\n${factsText(lane)}\n) as model where ${rows}`);
    return false;
  }
  const text = await lookBack(lane, of, rows);
  await trim(workspace, lane.connection);
  await asOne(lane, async () => {
    for (const [index, part] of parts.entries()) {
      await showFacts(lane, of, part.days);
      const into = index === 0 ? CREATE : INSERT;
      const order = lane.isShuffled ? ` order by ${orderOf(lane.model)}` : '';
      await makeRows(
        lane,
        into,
        `(\n${text}\n) as model where ${rows} and ${inPart(part)}${order}`,
      );
      await trim(workspace, lane.connection);
    }
  });
  await leaveBehind(lane);
  await trim(workspace, lane.connection);
  if (!lane.isShuffled) await sortParts(lane, parts);
  return true;
}

/**
 * Does something in one transaction: rows that are added to a table which is made in it are written once, and else
 * a second time whenever they come to less than a row group of the engine's.
 */
async function asOne({ connection }: Lane, work: () => Promise<void>): Promise<void> {
  await connection.run('begin transaction');
  try {
    await work();
    await connection.run('commit');
  } catch (error) {
    await connection.run('rollback').catch(() => {});
    throw error;
  }
}

/**
 * Sorts the table `made` part by part, unless its rows lie in order as they came. Where they are of several tables
 * and do not, those of the next months will not either, and are put in order as they are made.
 */
async function sortParts(lane: Lane, parts: readonly Part[]): Promise<void> {
  const { model, connection } = lane;
  if (await liesInOrder({ connection, table: 'made' }, model)) return;
  lane.isShuffled = lane.monthly.length > 1;
  await connection.run('alter table temp.main.made rename to unsorted');
  await asOne(lane, async () => {
    for (const [index, part] of parts.entries()) {
      const rows = `select * from temp.main.unsorted where ${inPart(part)} order by ${orderOf(model)}`;
      await connection.run(`${index === 0 ? CREATE : INSERT} ${rows}`);
    }
  });
  await connection.run('drop table temp.main.unsorted');
}

function placeKey(model: Model, unit: Unit): string {
  return noteKey(model, { value: unit.scope ?? '', month: unit.month });
}

function noteKey(model: Model, place: Place): string {
  return splitOf(model) === 'account_id' ? `${place.value}/${place.month}` : place.month;
}

const CREATE = 'create or replace temp table made as';
const INSERT = 'insert into temp.main.made';

async function makeRows(lane: Lane, into: string, from: string): Promise<void> {
  const columns = typedColumns(curatedSchema(lane.model));
  await lane.connection.run(`${into} select ${columns} from ${from}`);
}

/** The rows of these units, as a condition on `date` and the column that splits the model. */
function whereOf(model: Model, units: readonly Unit[]): string {
  const months = units.map((unit) => quoteText(unit.month));
  const isByAccount = splitOf(model) === 'account_id';
  const [first, ...others] = units;
  if (first !== undefined && others.length === 0) {
    const days = inDays(daysOfMonth(first.month));
    return isByAccount ? `account_id = ${quoteText(first.scope ?? '')} and ${days}` : days;
  }
  if (!isByAccount) return `${MONTH} in (${months.join(', ')})`;
  const pairs = units.map((unit) => `(${quoteText(unit.scope ?? '')}, ${quoteText(unit.month)})`);
  return `(account_id, ${MONTH}) in (${pairs.join(', ')})`;
}
