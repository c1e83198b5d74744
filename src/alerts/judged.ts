import { readIfThere, removeIfThere, writeAtomically } from '../file.ts';
import { cacheFile, type Lake } from '../zone.ts';

/** Datasets whose answers were judged, each with the fields that its contract does not know. */
export type Judged = ReadonlyArray<{
  readonly dataset: string;
  readonly fields: readonly string[];
}>;

/**
 * Keeps what was judged until somebody has looked at it (`forgetJudged`): a run that is killed in between
 * judges nothing the next time, and an alert would neither begin nor end.
 */
export function keepJudged(lake: Lake, judged: Judged): void {
  if (judged.length === 0) return;
  const all = new Map(judgedSince(lake).map((one) => [one.dataset, one]));
  for (const one of judged) all.set(one.dataset, one);
  writeAtomically(fileOf(lake), Buffer.from(`${JSON.stringify([...all.values()])}\n`));
}

/** What was judged since somebody looked last; nothing when the file is not there or was damaged. */
export function judgedSince(lake: Lake): Judged {
  try {
    const found: unknown = JSON.parse(readIfThere(fileOf(lake))?.toString('utf8') ?? '[]');
    return Array.isArray(found) ? found.filter(isJudged) : [];
  } catch {
    return [];
  }
}

/** Somebody has looked, and what came of it has landed. */
export function forgetJudged(lake: Lake): void {
  removeIfThere(fileOf(lake));
}

function isJudged(value: unknown): value is Judged[number] {
  const { dataset, fields } = (value ?? {}) as Partial<Record<keyof Judged[number], unknown>>;
  return (
    typeof dataset === 'string' &&
    Array.isArray(fields) &&
    fields.every((field) => typeof field === 'string')
  );
}

function fileOf(lake: Lake): string {
  return cacheFile(lake, 'judged.json');
}
