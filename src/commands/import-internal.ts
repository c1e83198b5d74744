import { closeSync, openSync, readSync } from 'node:fs';
import { toAdlakeError } from '../errors.ts';
import { refusal } from '../imports/refusal.ts';
import type { ToldOfFile } from '../imports/told.ts';
import { PERSONAL_DATASETS } from '../platforms/internal/datasets.ts';
import { mappingsOfHead } from '../platforms/internal/recognise.ts';
import { type TakenIn, takeIn } from '../platforms/internal/take-in.ts';
import type { CommandContext } from './context.ts';

/** A file to be imported, and what is said about it. */
export interface InternalLook {
  readonly path: string;
  readonly told: ToldOfFile;
  /** True when nothing is to be landed. */
  readonly isTrial: boolean;
}

/**
 * Takes in a file with orders, revenue, offline conversions or touchpoints: without personal data, so
 * its bytes are not landed. Null when the file is none of these, or `--as` says that it is another.
 * Throws `IMPORT_REFUSED` when it does not say what is needed.
 */
export function lookAtInternal(context: CommandContext, look: InternalLook): TakenIn | null {
  const { as, currency, timezone } = look.told;
  const dataset = PERSONAL_DATASETS.find(({ name }) => name === as)?.name ?? null;
  if (as !== null && dataset === null) return null;
  if (dataset === null && mappingsOfHead(headOf(look.path)).length === 0) return null;
  try {
    return takeIn({
      lake: context.lake,
      path: look.path,
      dataset,
      told: { timezone, currency, source: null },
      now: context.now(),
      isDryRun: look.isTrial,
    });
  } catch (thrown) {
    const error = toAdlakeError(thrown);
    if (error.code !== 'USAGE') throw error;
    throw refusal(error.message, error.remedy.replace('--dataset', '--as'));
  }
}

/** As much of a file as tells what it is. */
const HEAD_BYTES = 65_536;

function headOf(path: string): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  const handle = openSync(path, 'r');
  try {
    return head.subarray(0, readSync(handle, head, 0, HEAD_BYTES, 0));
  } finally {
    closeSync(handle);
  }
}
