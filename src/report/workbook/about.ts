import type { WriteSheet } from 'hucre/xlsx';
import type { ReportInput } from '../page.ts';
import { SECTION_NAMES, SECTIONS, type SectionName, sectionSql } from '../section.ts';
import { cellText } from './cell.ts';
import { type Sheet, sheetName } from './sheet.ts';

/** What the sheets mean, and the query of each. */
export function aboutSheet(
  input: ReportInput,
  sheets: ReadonlyMap<SectionName, Sheet>,
): WriteSheet {
  const cut = [...sheets].flatMap(([name, { left }]) =>
    left === 0
      ? []
      : [[`${sheetName(name)}: ${left} more rows are in \`adlake report --csv ${name}\`.`, '']],
  );
  const rows = [
    ['What', 'How'],
    [
      'Data',
      input.isSynthetic
        ? 'All of it is synthetic: it comes from the sandbox.'
        : 'Of real accounts.',
    ],
    ['Days', 'Each ad account’s own; since and until both belong to the span.'],
    ['Amounts', 'In the currency of the row; columns with USD in US dollars. Empty: not known.'],
    ['ROAS', 'Value of purchases over spend, by the attribution setting that the row names.'],
    ['In the end, about', 'An estimate for days that still change, by how days grew in the past.'],
    ...cut,
    ...SECTION_NAMES.map((name) => [
      sheetName(name),
      `${SECTIONS[name].about}\n${sectionSql(name)}`,
    ]),
  ];
  return {
    name: 'About',
    columns: [{ width: 24 }, { width: 110 }],
    rows: rows.map((row) => row.map((text) => cellText(text))),
    cells: new Map(['0,0', '0,1'].map((at) => [at, { style: { font: { bold: true } } }])),
  };
}
