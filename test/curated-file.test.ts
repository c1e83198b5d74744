import { existsSync, readdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NO_ROWS_SEEN, seenColumns, seenIn } from '../src/curated/row-check.ts';
import { type FileRows, writeFiles } from '../src/curated-file.ts';
import { type Engine, emptySelect, openEngine, rowsOf } from '../src/duckdb/duckdb.ts';
import { curatedSchema, modelNamed } from '../src/model.ts';
import { temporaryLake } from './helpers/lake.ts';

const model = modelNamed('time_to_convert');
const EMPTY = emptySelect(curatedSchema(model));

describe('files of a curated table', () => {
  let engine: Engine;
  let some: FileRows;
  beforeAll(async () => {
    engine = await openEngine({ threads: 1, memory: '200MB', spillInto: null });
    const { connection } = engine;
    await connection.run(`create table made as ${EMPTY}`);
    await connection.run(
      "insert into made (first_channel, days) values ('email', 1), ('email', 2)",
    );
    const [row] = await rowsOf(connection, `select ${seenColumns(model)} from made`);
    some = { select: 'select * from made', model, seen: seenIn(row) };
  });
  afterAll(() => engine.close());

  const none: FileRows = { select: `select * from (${EMPTY})`, model, seen: NO_ROWS_SEEN };

  it('are refused when a row is missing in one of them', async () => {
    const forgetful = tampered((text) => text.replace(/ order by [^)]*/, ' limit 1'));
    await expect(write(forgetful, some)).rejects.toThrow(/does not read back/);
  });

  it.each([0, 4, 20])('without rows are refused when only %i bytes were written', async (bytes) => {
    const short = tampered(
      (text) => text,
      (path) => truncateSync(path, bytes),
    );
    await expect(write(short, none)).rejects.toThrow(/does not read back/);
  });

  it('are finished beside where they belong, with rows and without', async () => {
    for (const rows of [some, none]) {
      const files = await write(engine.connection, rows);
      expect(files.map(({ temporary }) => existsSync(temporary))).toEqual([true, true]);
      expect(files.map(({ output }) => output.rows)).toEqual([rows.seen.rows, rows.seen.rows]);
    }
  });

  /** Writes both kinds of file into a lake of its own; a failure leaves nothing there. */
  async function write(connection: DuckDBConnection, rows: FileRows) {
    const lake = temporaryLake();
    const paths = [join(lake.home, 'made.csv'), join(lake.home, 'made.parquet')];
    return writeFiles(connection, lake, { rows, paths }).catch((error: unknown) => {
      expect(readdirSync(lake.home)).toEqual([]);
      throw error;
    });
  }

  /** The engine, but with other statements that write, or with something that happens to the file after one. */
  function tampered(
    statement: (text: string) => string,
    after: (path: string) => void = () => {},
  ): DuckDBConnection {
    const run = async (text: string): Promise<unknown> => {
      const done = await engine.connection.run(statement(text));
      const path = / to '([^']+)' \(format parquet/.exec(text)?.[1];
      if (path !== undefined) after(path);
      return done;
    };
    return new Proxy(engine.connection, {
      get: (target, name) => {
        if (name === 'run') return run;
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }
});
