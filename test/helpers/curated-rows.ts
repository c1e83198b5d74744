import { MODELS } from '../../src/model.ts';
import { runQuery } from '../../src/query/query.ts';
import { curator, putStaging, type StagingFiles } from './curated-lake.ts';
import { temporaryLake } from './lake.ts';

/** A row as `adlake sql --format json` gives it: decimals are text. */
export type AnswerRow = Readonly<Record<string, string | number | boolean | null>>;

/**
 * Builds curated from staging files in a new lake and asks it one question: the tables that the question
 * names and what they are built on, or all of them when it names none.
 */
export async function curatedRows(files: StagingFiles, sql: string): Promise<readonly AnswerRow[]> {
  const lake = temporaryLake();
  putStaging(lake, files);
  const words = new Set(sql.match(/[a-z_0-9]+/g));
  const tables = MODELS.map(({ name }) => name).filter((name) => words.has(name));
  await curator(lake)(tables.length === 0 ? {} : { tables });
  const answer = await runQuery(lake, sql, { format: 'json' });
  return JSON.parse(answer.text) as readonly AnswerRow[];
}
