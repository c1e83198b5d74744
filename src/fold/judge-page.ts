import { judgeImport } from '../imports/judge-import.ts';
import type { Batch } from '../landing/batch.ts';
import { readRecords } from '../landing/page.ts';
import { type Judged, type JudgeInput, judge } from './judge.ts';

/** The verdicts on a page's records, in order, or why the page cannot be read. */
export type JudgedPage =
  | { readonly ok: true; readonly judged: readonly Judged[] }
  | { readonly ok: false; readonly reason: string };

/** Judges every record of a page. `fast/judged.ts` does the same by bytes. */
export function judgePage(
  input: JudgeInput,
  batch: Batch,
  page: { readonly file: string; readonly bytes: Buffer },
): JudgedPage {
  if (batch.reading !== undefined && batch.dataset === input.dataset.name)
    return judgeImport(input, batch, { ...page, reading: batch.reading });
  const content = readRecords(input.dataset, page.bytes);
  if (!content.ok) return content;
  const judged = content.records.map((text, index) =>
    judge(input, batch, { page: page.file, row: index + 1, text }),
  );
  return { ok: true, judged };
}
