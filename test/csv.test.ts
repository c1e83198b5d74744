import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeCsv, encodeCsv, formatCsvRow } from '../src/csv.ts';
import { temporaryLake } from './helpers/lake.ts';

const HOSTILE = [
  '',
  ' ',
  'a,b',
  '"',
  '""',
  'say "hi"',
  'two\nlines',
  'two\r\nlines',
  '\r',
  '=1+1',
  '@cmd',
  '\tindented',
  'trailing ',
  '\ufeffmark',
  '\u00a0',
  '🛍️ 安い',
  'NULL',
  'null',
  '\\N',
  "'; drop table x; --",
  '__proto__',
  '007',
  '120210000000000001',
  '\u2028',
];

const cell = fc.oneof(
  fc.constant(null),
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', ' ', 'x') }),
);

describe('the CSV of the lake', () => {
  it('tells an empty text from nothing', () => {
    expect(formatCsvRow(['', null, 'x'])).toBe('"",,x');
    expect(decodeCsv('a,b,c\n"",,x\n')[1]).toEqual(['', null, 'x']);
  });

  it('quotes only where it must, and never escapes formulas', () => {
    expect(formatCsvRow(['=1+1', 'a b', 'a,b', 'a"b', ' a', 'a\r', 3, true])).toBe(
      '=1+1,a b,"a,b","a""b"," a","a\r",3,true',
    );
  });

  it('has a header, ends every line with one line feed, and has no byte order mark', () => {
    expect(encodeCsv(['a', 'b'], [['1', null]])).toBe('a,b\n1,\n');
    expect(encodeCsv(['a', 'b'], [])).toBe('a,b\n');
  });

  it('reads back what was written, whatever the text', () => {
    const row = fc.tuple(cell, cell, cell);
    fc.assert(
      fc.property(fc.array(row), (rows) => {
        const text = encodeCsv(['a', 'b', 'c'], rows);
        expect(decodeCsv(text).slice(1)).toEqual(rows);
      }),
    );
  });

  it('writes the same bytes for what it read', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell)), (rows) => {
        const text = encodeCsv(['a', 'b'], rows);
        const [head = [], ...read] = decodeCsv(text);
        expect(encodeCsv(head.map(String), read)).toBe(text);
      }),
    );
  });

  it('is read by DuckDB as the same values, and so is a name of 1 MB', async () => {
    const lake = temporaryLake();
    mkdirSync(lake.home, { recursive: true });
    const path = join(lake.home, 'hostile.csv');
    const values = [...HOSTILE, null, 'x'.repeat(1_000_000)];
    const rows = values.map((value, index) => [String(index), value, value === null ? '' : null]);
    writeFileSync(path, encodeCsv(['n', 'value', 'other'], rows));
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    const read = await connection.runAndReadAll(
      `select n, hex(encode(value)), other from read_csv('${path}', auto_detect = false, header = true, delim = ',',
         columns = {'n': 'VARCHAR', 'value': 'VARCHAR', 'other': 'VARCHAR'}, quote = '"',
         escape = '"', new_line = '\\n', nullstr = '', allow_quoted_nulls = false,
         strict_mode = true) order by cast(n as integer)`,
    );
    // In hexadecimal: the driver takes a byte order mark off the front of a text it gives out.
    const hex = (text: string | null): string | null =>
      text === null ? null : Buffer.from(text).toString('hex').toUpperCase();
    expect(read.getRows()).toEqual(rows.map(([n, value = null, other]) => [n, hex(value), other]));
    connection.closeSync();
  });
});
