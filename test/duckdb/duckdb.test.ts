import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeCsv } from '../../src/csv.ts';
import { columnTypes, loadCsv, openEngine, rowsOf } from '../../src/duckdb/duckdb.ts';
import { temporaryLake } from '../helpers/lake.ts';

const INTO = { table: 'rates', schema: 'staging/fx_rates.schema.json' };
const HEAD = columnTypes(INTO.schema).map(([name]) => name);

async function load(texts: readonly string[], folderName = 'plain') {
  const folder = join(temporaryLake().home, folderName);
  mkdirSync(folder, { recursive: true });
  const paths = texts.map((text, index) => {
    const path = join(folder, `${index}.csv`);
    writeFileSync(path, text);
    return path;
  });
  const engine = await openEngine({ threads: 2, memory: '1GB', spillInto: null });
  try {
    await loadCsv(engine.connection, { ...INTO, paths });
    return await rowsOf(engine.connection, 'select * from rates order by all');
  } finally {
    engine.close();
  }
}

describe('a table loaded from the lake', () => {
  it('is empty and has its columns when there is no file', async () => {
    expect(await load([])).toEqual([]);
  });

  it('keeps NULL and the empty text apart, and every hostile character', async () => {
    const names = [null, '', ' x ', 'a,"b"\nc\r\nd', "it's 🎯", '\u0000\u001b', 'NULL', '\\N'];
    const rows = names.map((name) => ['2026-01-01', name, '1.5']);
    const read = await load([encodeCsv(HEAD, rows)]);
    const found = read.map((row) => row.currency);
    expect(new Set(found)).toEqual(new Set(names));
    expect(found.length).toBe(names.length);
  });

  it('reads from folders whose names look like patterns, and only from those', async () => {
    const text = encodeCsv(HEAD, [['2026-01-01', 'EUR', '1.0812345678']]);
    expect(await load([text, text], "it's [ab] *?")).toHaveLength(2);
  });

  it('takes a text of 10 MB', async () => {
    const long = '"'.repeat(10_000_000);
    const [row] = await load([encodeCsv(HEAD, [['2026-01-01', long, '1']])]);
    expect(String(row?.currency).length).toBe(long.length);
  });

  it.each([
    ['a word for a number', '2026-01-01,EUR,twelve'],
    ['a day that is none', '2026-02-30,EUR,1'],
    ['a cell too few', '2026-01-01,EUR'],
    ['a cell too many', '2026-01-01,EUR,1,2'],
    ['text after a quote', '2026-01-01,"E"UR,1'],
  ])('refuses %s and names the file', async (_, line) => {
    await expect(load([`${HEAD.join(',')}\n${line}\n`])).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
      message: expect.stringMatching(/0\.csv/),
    });
  });
});

describe('the engine', () => {
  it('speaks UTC whatever the machine does, and gives money as text', async () => {
    const engine = await openEngine({ threads: 1, memory: '200MB', spillInto: null });
    const rows = await rowsOf(
      engine.connection,
      `select current_setting('TimeZone') as zone, cast('0.1' as decimal(18, 6)) as money,
        cast('9007199254740993' as bigint) as big`,
    );
    engine.close();
    expect(rows).toEqual([{ zone: 'UTC', money: '0.100000', big: '9007199254740993' }]);
  });
});
