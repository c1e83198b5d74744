import { describe, expect, it } from 'vitest';
import { describeImport } from '../../src/imports/describe.ts';
import { recordsOf, understood } from '../helpers/imports.ts';

const HEAD = 'Campaign name,Ad set name,Day,Amount spent (EUR),Impressions';
const PARTS = [
  'A,One,2026-03-30,1.00,10',
  'A,Two,2026-03-30,2.50,20',
  'B,One,2026-03-30,4.00,40',
  'A,One,2026-03-31,8.00,80',
];

function file(...rows: readonly string[]): string {
  return `${[HEAD, ...rows].join('\n')}\n`;
}

function spendOf(content: string): string | undefined {
  return understood(content).sums.get('spend');
}

describe('a subtotal inside a table', () => {
  it('that says so is left out when it is the sum of its rows', () => {
    const content = file(
      ...PARTS.slice(0, 2),
      'A,Total,2026-03-30,3.50,30',
      ...PARTS.slice(2, 3),
      'Total,,2026-03-30,7.50,70',
      ...PARTS.slice(3),
    );
    const found = understood(content);
    expect(found).toMatchObject({ rows: 4, subtotals: 2, repeated: 0 });
    expect(recordsOf(found).map(({ ad_set_name }) => ad_set_name)).toEqual([
      'One',
      'Two',
      'One',
      'One',
    ]);
    expect(spendOf(content)).toBe('15.5');
    expect(describeImport(found).join('\n')).toContain('2 subtotals left out');
  });

  it('that says so and is not the sum is refused, with the row and the difference', () => {
    const content = file(...PARTS, 'A,Total,2026-03-30,3.60,30');
    expect(() => understood(content)).toThrow(
      /Row 6 says that it is a total.*spend is 3\.6 there and 3\.5 in sum/,
    );
  });

  it('without a word for it is a row of its own level, and counted once', () => {
    const content = file('A,,2026-03-30,3.50,30', ...PARTS, ',,,15.50,150');
    const found = understood(content);
    expect(found).toMatchObject({ rows: 5, subtotals: 0, repeated: 1 });
    expect(found.totals.isFound).toBe(true);
    expect(spendOf(content)).toBe('15.5');
  });

  it('is none when a row is coarser and has figures of its own', () => {
    const content = file('C,,2026-03-30,9.00,90', ...PARTS, ',,,24.50,240');
    const found = understood(content);
    expect(found).toMatchObject({ rows: 5, subtotals: 0, repeated: 0 });
    expect(found.totals.isFound).toBe(true);
  });

  it('is none when a campaign is really called so', () => {
    const content = file('Total,One,2026-03-30,1.00,10', 'Total,Two,2026-03-31,2.00,20');
    expect(understood(content)).toMatchObject({ rows: 2, subtotals: 0 });
  });
});
