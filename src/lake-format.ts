import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { AdlakeError } from './errors.ts';
import { readIfThere, writeAtomically } from './file.ts';
import { cacheFile, type Lake } from './zone.ts';

/** The format of lakes that this version of adlake writes. */
export const LAKE_FORMAT = 2;

/**
 * The format of a lake, from `zones/lake.json`: null for one without (nothing was written yet, or it is
 * from before formats had numbers). Throws `FILE_UNREADABLE`.
 */
export function formatOf(lake: Lake): number | null {
  const bytes = readIfThere(fileOf(lake));
  if (bytes === null) return null;
  const format = formatIn(bytes);
  if (format !== null) return format;
  throw new AdlakeError({
    code: 'FILE_UNREADABLE',
    message: `${fileOf(lake)} must say the format of the lake, like {"format":${LAKE_FORMAT}}, and does not.`,
    remedy: 'Write the line from the message into it, if this version of adlake wrote the lake.',
  });
}

/** Refuses a lake that a newer adlake has written: this one would not understand all of it. Throws `LAKE_FORMAT`. */
export function checkFormat(lake: Lake): void {
  const format = formatOf(lake);
  if (format === null || format <= LAKE_FORMAT) return;
  throw new AdlakeError({
    code: 'LAKE_FORMAT',
    message: `The lake ${lake.home} has format ${format}, and this adlake knows formats up to ${LAKE_FORMAT}: a newer version wrote it.`,
    remedy: 'Update adlake to that version, or give this one a lake of its own with --lake DIR.',
  });
}

/** Brings an older lake to the present format, step by step, and marks it. Only for who holds the lake. */
export function migrate(lake: Lake): void {
  checkFormat(lake);
  const found = formatOf(lake);
  if (found === LAKE_FORMAT) return;
  for (let format = found ?? 1; format < LAKE_FORMAT; format++) STEPS[format]?.(lake);
  writeAtomically(fileOf(lake), Buffer.from(`${JSON.stringify({ format: LAKE_FORMAT })}\n`));
}

/** What brings a lake from a format to the next one. */
const STEPS: Readonly<Record<number, (lake: Lake) => void>> = {
  // From 2 on, what is remembered of tasks and landing bears its hash; what does not is made anew.
  1: (lake) => {
    for (const folder of ['tasks', 'landing', 'drift']) {
      rmSync(cacheFile(lake, folder), { recursive: true, force: true });
    }
  },
};

function formatIn(bytes: Buffer): number | null {
  try {
    const { format } = JSON.parse(bytes.toString('utf8')) as { readonly format?: unknown };
    return typeof format === 'number' && Number.isSafeInteger(format) ? format : null;
  } catch {
    return null;
  }
}

function fileOf(lake: Lake): string {
  return join(lake.home, 'zones', 'lake.json');
}
