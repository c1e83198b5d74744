import { runQuery } from '../../src/query/query.ts';
import { curator, putStaging, type StagingFiles } from './curated-lake.ts';
import { temporaryLake } from './lake.ts';

/** A row as `adlake sql --format json` gives it: decimals are text. */
export type AnswerRow = Readonly<Record<string, string | number | boolean | null>>;

/** Builds curated from staging files in a new lake and asks it one question. */
export async function curatedRows(files: StagingFiles, sql: string): Promise<readonly AnswerRow[]> {
  const lake = temporaryLake();
  putStaging(lake, files);
  await curator(lake)();
  const answer = await runQuery(lake, sql, { format: 'json' });
  return JSON.parse(answer.text) as readonly AnswerRow[];
}
