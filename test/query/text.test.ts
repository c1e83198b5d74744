import { describe, expect, it } from 'vitest';
import { type AnswerTable, formatAnswer } from '../../src/query/text.ts';

const table: AnswerTable = {
  columns: [
    { name: 'id', type: 'VARCHAR' },
    { name: 'name', type: 'VARCHAR' },
    { name: 'spend', type: 'DECIMAL(18,6)' },
    { name: 'clicks', type: 'BIGINT' },
    { name: 'roas', type: 'DOUBLE' },
  ],
  rows: [
    ['120210000000000017', '=1+1|x\ny', '118.000000', '9007199254740993', 0.5],
    ['2', null, '-0.100000', '7', null],
  ],
};

describe('an answer', () => {
  it('as csv keeps every digit, leaves NULL empty and takes the sting out of formulas', () => {
    expect(formatAnswer(table, 'csv')).toBe(
      'id,name,spend,clicks,roas\n120210000000000017,"\'=1+1|x\ny",118,9007199254740993,0.5\n2,,-0.1,7,\n',
    );
  });

  it.each(['=', '+', '-', '@', '\t'])(
    'as csv puts a quote before text that begins with %j',
    (sign) => {
      const one = { columns: [{ name: 'a', type: 'VARCHAR' }], rows: [[`${sign}1`]] };
      expect(formatAnswer(one, 'csv')).toContain(`'${sign}1`);
      expect(JSON.parse(formatAnswer(one, 'json'))).toEqual([{ a: `${sign}1` }]);
    },
  );

  it('as json keeps decimals as text, and integers as text only beyond 2^53', () => {
    expect(JSON.parse(formatAnswer(table, 'json'))).toEqual([
      {
        id: '120210000000000017',
        name: '=1+1|x\ny',
        spend: '118',
        clicks: '9007199254740993',
        roas: 0.5,
      },
      { id: '2', name: null, spend: '-0.1', clicks: 7, roas: null },
    ]);
    expect(formatAnswer({ columns: table.columns, rows: [] }, 'json')).toBe('[]\n');
  });

  it('as json keeps a column whose name is __proto__', () => {
    const odd = { columns: [{ name: '__proto__', type: 'VARCHAR' }], rows: [['x']] };
    expect(formatAnswer(odd, 'json')).toContain('"__proto__": "x"');
  });

  it('as md is a pipe table that text cannot break', () => {
    expect(formatAnswer(table, 'md')).toBe(
      [
        '| id | name | spend | clicks | roas |',
        '| --- | --- | ---: | ---: | ---: |',
        '| 120210000000000017 | =1+1\\|x<br>y | 118 | 9007199254740993 | 0.5 |',
        '| 2 |  | -0.1 | 7 |  |',
        '',
      ].join('\n'),
    );
  });

  it('as a table has numbers to the right and NULL in words', () => {
    expect(formatAnswer(table, 'table')).toBe(
      [
        'id                  name      spend            clicks  roas',
        '──────────────────  ────────  ─────  ────────────────  ────',
        '120210000000000017  =1+1|x⏎y    118  9007199254740993   0.5',
        '2                   NULL       -0.1                 7  NULL',
        '(2 rows)',
        '',
      ].join('\n'),
    );
  });

  it('as a table cuts long text, and lets no control character reach the terminal', () => {
    const long = {
      columns: [{ name: 'a', type: 'VARCHAR' }],
      rows: [['x'.repeat(1000)], ['\u001b[2J']],
    };
    const text = formatAnswer(long, 'table');
    expect(text).toContain(`${'x'.repeat(59)}…`);
    expect(text).not.toContain('\u001b');
  });
});
