import type { DuckDBConnection, DuckDBResultReader } from '@duckdb/node-api';
import { type JsonRow, openEngine } from '../duckdb/duckdb.ts';
import { viewStatements } from '../query/views.ts';
import type { Lake } from '../zone.ts';
import {
  type AccountSection,
  isOfAccount,
  type LakeSection,
  SECTION_NAMES,
  type SectionName,
  sectionSql,
} from './section.ts';
import type { ReportSpan } from './span.ts';

/** A column of an answer, with the engine's name of its type. */
export interface AnswerColumn {
  readonly name: string;
  readonly type: string;
}

/** What a query answered. In rows, decimals and 64-bit integers are text, days `YYYY-MM-DD`. */
export interface Answer {
  readonly columns: readonly AnswerColumn[];
  readonly rows: readonly JsonRow[];
}

/** Every answer about one account. */
export type AccountFigures = Readonly<Record<AccountSection, Answer>>;

/** Every answer about the lake as a whole. */
export type LakeFigures = Readonly<Record<LakeSection, Answer>>;

/** Asks the curated tables of a lake. Close it when done. */
export interface ReportReader {
  /** All answers about an account. */
  readonly read: (accountId: string, span: ReportSpan) => Promise<AccountFigures>;
  /** All answers about the lake as a whole, over these days. */
  readonly readLake: (span: ReportSpan) => Promise<LakeFigures>;
  /** One answer: about an account, or (`null`) about the whole lake. */
  readonly ask: (name: SectionName, accountId: string | null, span: ReportSpan) => Promise<Answer>;
  readonly close: () => void;
}

const LIMITS = { threads: 2, memory: '1GB', spillInto: null } as const;

/** The one view made of other tables that a section asks. */
const DERIVED = 'data_quality_score';

/** Opens a reader over the curated tables as they are now. */
export async function openReportReader(lake: Lake): Promise<ReportReader> {
  const engine = await openEngine(LIMITS);
  for (const statement of viewStatements(lake, DERIVED)) await engine.connection.run(statement);
  const ask: ReportReader['ask'] = (name, accountId, span) =>
    answerOf(engine.connection, name, { account_id: accountId, ...span });
  const read = async (accountId: string, span: ReportSpan) => {
    const answers: Partial<Record<AccountSection, Answer>> = {};
    for (const name of SECTION_NAMES.filter(isOfAccount)) {
      answers[name] = await ask(name, accountId, span);
    }
    return answers as AccountFigures;
  };
  const readLake = async (span: ReportSpan) => {
    const answers: Partial<Record<LakeSection, Answer>> = {};
    for (const name of SECTION_NAMES) {
      if (!isOfAccount(name)) answers[name] = await ask(name, null, span);
    }
    return answers as LakeFigures;
  };
  return { read, readLake, ask, close: engine.close };
}

/** Values are bound, never written into the text. */
async function answerOf(
  connection: DuckDBConnection,
  name: SectionName,
  values: Readonly<Record<string, string | null>>,
): Promise<Answer> {
  const sql = sectionSql(name);
  const used = Object.entries(values).filter(([key]) => sql.includes(`$${key}`));
  const statement = await connection.prepare(sql);
  statement.bind(Object.fromEntries(used));
  const reader = await statement.runAndReadAll();
  return { columns: columnsOf(reader), rows: reader.getRowObjectsJson() };
}

function columnsOf(reader: DuckDBResultReader): readonly AnswerColumn[] {
  return reader.columnNames().map((name, at) => ({ name, type: reader.columnType(at).toString() }));
}
