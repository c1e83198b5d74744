import { createHash, type Hash } from 'node:crypto';
import { closeSync, fstatSync, mkdirSync, openSync, readSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  EVERYBODY,
  type FileMode,
  flushed,
  pathFlushed,
  temporaryBeside,
  writeAll,
} from './file.ts';

/** A file that was written. */
export interface Written {
  readonly sha256: string;
  readonly bytes: number;
  /** False when the bytes on disk were already these and nothing was written. */
  readonly changed: boolean;
}

/**
 * A file that is written piece by piece, and is whole or as it was. As long as the pieces are what lies
 * there already, nothing is written; from the first difference on, into a temporary file beside it.
 * Missing folders are made. Ends with `finish` or `abandon`. Throws disk errors as they come.
 */
export class PieceFile {
  private readonly path: string;
  private readonly temporary: string;
  private readonly mode: FileMode;
  private readonly hash: Hash = createHash('sha256');
  /** Line ends that were written. */
  lines = 0;
  private bytes = 0;
  /** The file that is there, as long as it may be the same. */
  private known: number | null;
  private written: number | null = null;

  constructor(path: string, mode: FileMode = EVERYBODY) {
    this.path = path;
    this.mode = mode;
    this.temporary = temporaryBeside(path);
    mkdirSync(dirname(path), { recursive: true });
    this.known = openIfThere(path);
  }

  /** Has `give` write the pieces, and gives what it gives; what it throws leaves the file as it was. */
  fill<T>(give: (write: (bytes: Uint8Array) => void) => T): T {
    try {
      return give((bytes) => this.write(bytes));
    } catch (error) {
      this.abandon();
      throw error;
    }
  }

  /** Adds the bytes; they are not looked at again afterwards. */
  write(bytes: Uint8Array): void {
    this.hash.update(bytes);
    if (this.known !== null && !isThere(this.known, bytes, this.bytes)) this.differ(this.known);
    if (this.known === null) writeAll(this.handle(), bytes);
    this.bytes += bytes.length;
    this.lines += countLines(bytes);
  }

  /**
   * Flushes what was written, has `check` look at the temporary file, and puts it in its place. Others may
   * work while the disk is waited for.
   */
  async finish(check: (path: string) => void = () => {}): Promise<Written> {
    const file = { sha256: this.hash.digest('hex'), bytes: this.bytes };
    if (this.known !== null && fstatSync(this.known).size !== this.bytes) this.differ(this.known);
    if (this.known !== null) {
      this.close();
      return { ...file, changed: false };
    }
    try {
      await flushed(this.handle());
      this.close();
      check(this.temporary);
      renameSync(this.temporary, this.path);
    } catch (error) {
      this.abandon();
      throw error;
    }
    await pathFlushed(dirname(this.path));
    return { ...file, changed: true };
  }

  /** Leaves the file as it was. */
  abandon(): void {
    this.close();
    rmSync(this.temporary, { force: true });
  }

  private handle(): number {
    this.written ??= openSync(this.temporary, 'w', this.mode);
    return this.written;
  }

  /** The file that is there is another one: what was the same in both is copied. */
  private differ(known: number): void {
    const into = this.handle();
    const piece = Buffer.allocUnsafe(COPIED_BYTES);
    for (let at = 0; at < this.bytes; ) {
      const count = readSync(known, piece, 0, Math.min(piece.length, this.bytes - at), at);
      if (count === 0) throw new Error(`${this.path} became shorter while it was read`);
      writeAll(into, piece.subarray(0, count));
      at += count;
    }
    closeSync(known);
    this.known = null;
  }

  private close(): void {
    for (const handle of [this.known, this.written]) if (handle !== null) closeSync(handle);
    this.known = null;
    this.written = null;
  }
}

const COPIED_BYTES = 1_000_000;

function openIfThere(path: string): number | null {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return null;
    throw error;
  }
}

/** Whether the file has these bytes at `at`. */
function isThere(handle: number, bytes: Uint8Array, at: number): boolean {
  const found = Buffer.allocUnsafe(bytes.length);
  let count = 0;
  while (count < found.length) {
    const more = readSync(handle, found, count, found.length - count, at + count);
    if (more === 0) return false;
    count += more;
  }
  return found.equals(bytes);
}

/** Line ends in a file, a piece of it in memory at a time. */
export function countLinesIn(path: string): number {
  const handle = openSync(path, 'r');
  const piece = Buffer.allocUnsafe(COPIED_BYTES);
  let lines = 0;
  try {
    for (let count = 1; count > 0; ) {
      count = readSync(handle, piece);
      lines += countLines(piece.subarray(0, count));
    }
  } finally {
    closeSync(handle);
  }
  return lines;
}

const LINE_END = 0x0a;

function countLines(bytes: Uint8Array): number {
  let lines = 0;
  for (let at = bytes.indexOf(LINE_END); at !== -1; at = bytes.indexOf(LINE_END, at + 1)) lines++;
  return lines;
}
