import { resolve } from 'node:path';
import { counted } from '../amount.ts';
import { robynTable } from '../exports/robyn.ts';
import { spreadsheetCsv } from '../exports/spreadsheet.ts';
import { EXPORTS, type ExportName, exportTable } from '../exports/table.ts';
import { writeAtomically } from '../file.ts';
import { didYouMean } from '../nearest.ts';
import { type CommandContext, type Typed, usage } from './context.ts';

/** First and last day that a window without ends has: no ad platform has days outside them. */
const ALL_DAYS = { since: '1990-01-01', until: '9999-12-31' };

/** `adlake export`: the shapes that other tools and people expect, as a CSV for spreadsheets. */
export async function exportShape(context: CommandContext, typed: Typed): Promise<number> {
  const name = nameOf(typed.args[0] ?? '');
  const { since = ALL_DAYS.since, until = ALL_DAYS.until } = context.selection;
  const found = await exportTable(context.lake, name, { since, until });
  const table = name === 'robyn' ? robynTable(found) : found;
  const { out } = typed.options;
  if (typeof out !== 'string') {
    context.print(spreadsheetCsv(table));
    return 0;
  }
  const path = resolve(context.world.cwd, out);
  writeAtomically(path, Buffer.from(spreadsheetCsv(table)));
  const { length: rows } = table.rows;
  if (context.isJson) context.print(`${JSON.stringify({ path, rows }, null, 2)}\n`);
  else context.print(`Wrote ${counted(rows, 'row')} to ${path}.\n`);
  if (rows === 0)
    context.tell('There is nothing for these days: `adlake status` says what there is.');
  return 0;
}

function nameOf(text: string): ExportName {
  const name = EXPORTS.find((one) => one === text);
  if (name !== undefined) return name;
  throw usage(
    `There is no export ${JSON.stringify(text)}.${didYouMean(text, EXPORTS)}`,
    `Give one of: ${EXPORTS.join(', ')}.`,
  );
}
