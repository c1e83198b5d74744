import type { SheetChart } from 'hucre/xlsx';
import { cellText } from './cell.ts';
import type { Sheet } from './sheet.ts';

/** What a native chart shows: columns of a sheet over another one of its columns. */
export interface ChartPlan {
  readonly type: 'column' | 'line' | 'bar';
  readonly title: string;
  /** What a person who does not see it should know. */
  readonly about: string;
  readonly sheet: Sheet;
  /** Rows of the sheet, counted from 1, both inclusive. */
  readonly rows: { readonly first: number; readonly last: number };
  /** The column along the axis. */
  readonly over: string;
  readonly series: ReadonlyArray<{ readonly column: string; readonly name: string }>;
  /** How values stand at the axis. */
  readonly format: string;
  /** Its place among the charts, from 0: two beside each other. */
  readonly place: number;
}

const COLUMNS_WIDE = 9;
const ROWS_HIGH = 18;
/** Line for the heading above all charts. */
const TOP = 2;

/** Colours that differ for those who see no red or green, too, and in grey. Source: Okabe and Ito, 2008. */
const COLORS = ['0072B2', 'D55E00', '009E73'] as const;

/** The chart as the workbook has it; null when the sheet lacks one of its columns. */
export function chartOf(plan: ChartPlan): SheetChart | null {
  const { sheet, rows, series, place } = plan;
  const range = (column: string) => rangeOf(sheet, column, rows);
  const over = range(plan.over);
  if (over === null) return null;
  const drawn = series.flatMap(({ column, name }, at) => {
    const values = range(column);
    const color = COLORS[at] ?? COLORS[0];
    return values === null ? [] : [{ name, values, categories: over, color }];
  });
  if (drawn.length < series.length) return null;
  const from = {
    row: TOP + Math.floor(place / 2) * (ROWS_HIGH + 1),
    col: (place % 2) * (COLUMNS_WIDE + 1),
  };
  const isDays = plan.over === 'date';
  return {
    type: plan.type,
    title: cellText(plan.title),
    altText: cellText(plan.about),
    titleFontSize: 12,
    series: drawn,
    anchor: { from, to: { row: from.row + ROWS_HIGH, col: from.col + COLUMNS_WIDE } },
    legend: series.length > 1 ? 'bottom' : false,
    dispBlanksAs: 'gap',
    axes: {
      x: {
        ...(isDays ? { numberFormat: { formatCode: 'd mmm' } } : { reverse: plan.type === 'bar' }),
        ...NO_TICKS,
      },
      y: { numberFormat: { formatCode: plan.format }, gridlines: { major: true }, ...NO_TICKS },
    },
  };
}

const NO_TICKS = { majorTickMark: 'none', minorTickMark: 'none' } as const;

function rangeOf(sheet: Sheet, column: string, rows: ChartPlan['rows']): string | null {
  const letters = sheet.lettersOf(column);
  if (letters === null) return null;
  return `'${sheet.name}'!$${letters}$${rows.first}:$${letters}$${rows.last}`;
}
