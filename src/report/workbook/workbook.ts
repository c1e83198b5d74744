import type { ReportInput } from '../page.ts';
import { isOfAccount, SECTION_NAMES, type SectionName } from '../section.ts';
import { aboutSheet } from './about.ts';
import { chartSheet } from './charts.ts';
import { type Sheet, type SheetPart, sheetName, sheetOf } from './sheet.ts';
import { summarySheet } from './summary.ts';

/**
 * The report as a workbook (.xlsx): a summary, native charts, and a sheet for each of its sections. No
 * formulas, no macros, no links. The same lake and days give the same bytes: no clock is in it.
 */
export async function makeWorkbook(input: ReportInput): Promise<Buffer> {
  const sheets = sectionSheets(input);
  const { writeXlsx } = await import('hucre/xlsx');
  const bytes = await writeXlsx({
    sheets: [
      summarySheet(input),
      chartSheet(input, sheets),
      ...[...sheets.values()].map(({ written }) => written),
      aboutSheet(input, sheets),
    ],
    properties: { title: 'Ad report', creator: 'adlake', created: EPOCH, modified: EPOCH },
  });
  return Buffer.from(bytes);
}

/** Workbooks name an instant at which they were made; a fixed one keeps their bytes the same. */
const EPOCH = new Date(0);

function sectionSheets(input: ReportInput): ReadonlyMap<SectionName, Sheet> {
  const sheets = new Map<SectionName, Sheet>();
  for (const name of SECTION_NAMES)
    sheets.set(name, sheetOf(sheetName(name), partsOf(input, name)));
  return sheets;
}

function partsOf({ accounts, whole }: ReportInput, name: SectionName): readonly SheetPart[] {
  if (!isOfAccount(name))
    return whole === null ? [] : [{ account: null, answer: whole.figures[name] }];
  return accounts.map(({ account, figures }) => ({
    account: {
      id: account.account_id,
      name: account.account_name,
      currency: account.currency ?? '',
    },
    answer: figures[name],
  }));
}
