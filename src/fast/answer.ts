import { closeSync, fstatSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { Contract } from '../contract.ts';
import { hashOf } from '../file.ts';
import type { JudgeInput } from '../fold/judge.ts';
import type { Batch } from '../landing/batch.ts';
import { PageReader } from './page.ts';
import { Room } from './room.ts';
import { ScannedAnswer } from './scanned.ts';
import { readAll } from './source.ts';

/** An answer as it lies in landing. */
export interface AnswerFolder {
  readonly batch: Batch;
  /** Folder of its pages. */
  readonly folder: string;
}

/**
 * Reads an answer's pages into rows, one page in memory at a time. `changed` when a page is missing or
 * is not the one the answer speaks of: then nothing of the answer counts. Null when only the plain path
 * can read it. An answer that speaks of several months is kept in mind for the next of them.
 */
export function scanAnswer(
  input: JudgeInput,
  answer: AnswerFolder,
): ScannedAnswer | 'changed' | null {
  const known = kept.find(
    ({ contract, folder }) => contract === input.contract && folder === answer.folder,
  );
  if (known !== undefined) return known.scanned;
  const scanned = new ScannedAnswer(answer.batch);
  const reader = PageReader.for(input, scanned);
  if (reader === null) return null;
  for (const [page, { file, sha256 }] of answer.batch.pages.entries()) {
    const size = readPage(join(answer.folder, file));
    if (size === null || hashOf(room.bytes.subarray(0, size)) !== sha256) return 'changed';
    reader.read({ room, size, page, file });
  }
  keep(input.contract, answer.folder, scanned);
  return scanned;
}

/** One page at a time, of whatever answer. */
const room = new Room();

/** Reads a page into the room and gives its size; null when it is not there. */
function readPage(path: string): number | null {
  const handle = openIfThere(path);
  if (handle === null) return null;
  try {
    const { size } = fstatSync(handle);
    room.reserve(size);
    readAll(handle, { into: room.bytes.subarray(0, size), from: 0, path });
    room.end(size);
    return size;
  } finally {
    closeSync(handle);
  }
}

function openIfThere(path: string): number | null {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return null;
    throw error;
  }
}

/** Answers of several months, the one used last at the end. */
const kept: Kept[] = [];

interface Kept {
  readonly contract: Contract;
  readonly folder: string;
  readonly scanned: ScannedAnswer;
}

/** A row takes about 80 bytes. */
const MOST_KEPT_ROWS = 200_000;

function keep(contract: Contract, folder: string, scanned: ScannedAnswer): void {
  const { since, until } = scanned.batch.scope;
  if (since === null || until === null || since.slice(0, 7) === until.slice(0, 7)) return;
  kept.push({ contract, folder, scanned });
  let rows = 0;
  for (const each of kept) rows += each.scanned.count + each.scanned.beside.length;
  while (rows > MOST_KEPT_ROWS) {
    const [oldest] = kept.splice(0, 1);
    rows -= oldest === undefined ? rows : oldest.scanned.count + oldest.scanned.beside.length;
  }
}
