import type { ExportTable } from '../exports/table.ts';
import { type Answer, openReportReader, type ReportReader } from './figures.ts';
import { textOf } from './number.ts';
import { type ReportOptions, wantedAccounts, widestSpan } from './report.ts';
import { isOfAccount, type SectionName } from './section.ts';
import { spanOf } from './span.ts';

/**
 * One section of the report as a table for a file: the rows of all accounts, each with its account in
 * front. No rows and no columns when the lake holds no account.
 */
export async function sectionTable(
  name: SectionName,
  options: ReportOptions,
): Promise<ExportTable> {
  const reader = await openReportReader(options.lake);
  try {
    return tableOf(await partsOf(reader, name, options));
  } finally {
    reader.close();
  }
}

interface Part {
  /** Account, its name and its currency; none for the whole lake. */
  readonly front: readonly (string | null)[];
  readonly answer: Answer;
}

async function partsOf(
  reader: ReportReader,
  name: SectionName,
  options: ReportOptions,
): Promise<readonly Part[]> {
  const accounts = (await wantedAccounts(options)).flatMap((account) => {
    const span = spanOf(account.last_28_days.until, options);
    return span === null ? [] : [{ account, span }];
  });
  if (!isOfAccount(name)) {
    const span = widestSpan(accounts);
    return span === null ? [] : [{ front: [], answer: await reader.ask(name, null, span) }];
  }
  const parts: Part[] = [];
  for (const { account, span } of accounts) {
    const { account_id: id, account_name: title, currency } = account;
    parts.push({ front: [id, title, currency], answer: await reader.ask(name, id, span) });
  }
  return parts;
}

const FRONT = ['account_id', 'account_name', 'currency'] as const;

function tableOf(parts: readonly Part[]): ExportTable {
  const [first] = parts;
  if (first === undefined) return { columns: [], isPlain: [], rows: [] };
  const own = first.answer.columns.filter(({ name }) => !FRONT.some((front) => front === name));
  const front = first.front.length === 0 ? [] : FRONT;
  return {
    columns: [...front, ...own.map(({ name }) => name)],
    isPlain: [...front.map(() => false), ...own.map(({ type }) => type !== 'VARCHAR')],
    rows: parts.flatMap((part) =>
      part.answer.rows.map((row) => [...part.front, ...own.map(({ name }) => textOf(row[name]))]),
    ),
  };
}
