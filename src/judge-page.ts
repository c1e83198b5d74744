import type { Batch } from './batch.ts';
import type { Engine } from './engine.ts';
import { judgeFast } from './fast/page.ts';
import { judgeImport } from './imports/judge-import.ts';
import { type Judged, type JudgeInput, judge } from './judge.ts';
import { readRecords } from './page.ts';

/** The verdicts on a page's records, in order, or why the page cannot be read. */
export type JudgedPage =
  | { readonly ok: true; readonly judged: readonly Judged[] }
  | { readonly ok: false; readonly reason: string };

/** Judges every record of a page. A page that the fast reader is not sure of is read plainly. */
export function judgePage(
  input: JudgeInput & { readonly engine?: Engine },
  batch: Batch,
  page: { readonly file: string; readonly bytes: Buffer },
): JudgedPage {
  if (batch.reading !== undefined && batch.dataset === input.dataset.name)
    return judgeImport(input, batch, { ...page, reading: batch.reading });
  const quick = input.engine === 'plain' ? null : judgeFast(input, batch, page);
  if (quick !== null) return { ok: true, judged: quick };
  const content = readRecords(input.dataset, page.bytes);
  if (!content.ok) return content;
  const judged = content.records.map((text, index) =>
    judge(input, batch, { page: page.file, row: index + 1, text }),
  );
  return { ok: true, judged };
}
