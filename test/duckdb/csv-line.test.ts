import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatCsvRow } from '../../src/csv.ts';
import { linePieces, linesOf } from '../../src/duckdb/csv-line.ts';
import { type Engine, openEngine, quoteText, rowsOf } from '../../src/duckdb/duckdb.ts';

const TEXTS = [
  '',
  ' ',
  'plain',
  'a,b',
  'say "so"',
  '"',
  'two\nlines',
  'with\rreturn',
  ' leads',
  'trails ',
  '\ttab',
  'in\tside',
  'end\u00a0',
  '\u2003em',
  'line\u2028',
  '\u0085next',
  '\u200bzero width',
  'été 🎈',
  "it's",
  '\\n',
  '-',
  'NaN',
];
const DOUBLES = [
  '0',
  '-0.0',
  '1',
  '-2.5',
  '0.1',
  '1e-7',
  '1.5e-5',
  '1e15',
  '1e16',
  '1e21',
  '1e300',
];
const COLUMNS = [
  ['number', 'DOUBLE'],
  ['words', 'VARCHAR'],
  ['money', 'DECIMAL(18,6)'],
  ['whole', 'DECIMAL(18,0)'],
  ['ratio', 'DOUBLE'],
  ['other', 'DOUBLE'],
  ['count', 'BIGINT'],
  ['yes', 'BOOLEAN'],
  ['day', 'DATE'],
  ['at', 'TIMESTAMPTZ'],
  ['last', 'VARCHAR'],
] as const;

describe('lines of a CSV file that the engine puts together', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openEngine({ threads: 1, memory: '200MB', spillInto: null });
  });
  afterAll(() => engine.close());

  it('are those of its rows cell by cell, whatever is in them', async () => {
    const texts = [...TEXTS.map(quoteText), 'null'];
    const doubles = [...DOUBLES.map((each) => `cast('${each}' as double)`), 'null'];
    const others = [
      "12.340000, 1000, 5, true, '2026-02-03', '2026-02-03 04:05:06.700+00'",
      "-0.000001, -7, -9007199254740993, false, '1999-12-31', '1999-12-31 23:59:59+00'",
      'null, null, null, null, null, null',
      "0, 0, 0, true, '2026-02-03', '2026-02-03 04:05:06.000001+00'",
    ];
    const { connection } = engine;
    const types = COLUMNS.map(([name, type]) => `"${name}" ${type}`).join(', ');
    await connection.run(`create table hostile (${types})`);
    const rows = texts.flatMap((text, index) =>
      doubles.map((double, place) => {
        const [money, whole, count, ...rest] = (others[(index + place) % 4] ?? '').split(', ');
        const next = texts[(index * 7 + place) % texts.length];
        const cells = [double, text, money, whole, double, doubles[(place + 1) % 12], count];
        return `(${[...cells, ...rest, next].join(', ')})`;
      }),
    );
    await connection.run(`insert into hostile values ${rows.join(', ')}`);
    const expected = (await rowsOf(connection, 'select * from hostile')).map((row) => {
      const cells = COLUMNS.map(([name, type]) => {
        const value = row[name] ?? null;
        if (value === null || !type.startsWith('DECIMAL')) return value as string | number | null;
        return String(value).includes('.') ? String(value).replace(/\.?0+$/, '') : String(value);
      });
      return `${formatCsvRow(cells)}\n`;
    });
    const { select, pieces } = linePieces(COLUMNS);
    const result = await connection.stream(`select ${select} from hostile`);
    const lines: string[] = [];
    for await (const chunk of result) lines.push(linesOf(chunk, pieces));
    expect(lines.join('')).toBe(expected.join(''));
    expect(expected).toHaveLength(texts.length * doubles.length);
  });

  it('keep a byte order mark at the beginning of a text, which the client takes away', async () => {
    const { select, pieces } = linePieces([['words', 'VARCHAR']]);
    const text = `select ${select} from (select '\ufeffmark' as words) as each`;
    const chunk = await (await engine.connection.stream(text)).fetchChunk();
    expect(chunk === null ? '' : linesOf(chunk, pieces)).toBe('"\ufeffmark"\n');
  });
});
