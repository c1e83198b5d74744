import { hash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** The permissions that a file is made with; the umask of the process takes away more, and gives none. */
export type FileMode = typeof OWNER_ALONE | typeof EVERYBODY;

/** For what holds secrets or personal data. */
export const OWNER_ALONE = 0o600;

/** For all else: its owner writes, everybody reads. */
export const EVERYBODY = 0o644;

/** SHA-256 of the bytes, 64 lower-case hex digits. */
export function hashOf(bytes: Uint8Array): string {
  return hash('sha256', bytes);
}

/** The file's bytes, or null when there is no such file. Throws other disk errors. */
export function readIfThere(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch (error) {
    const errno = (error as { code?: string }).code;
    if (errno === 'ENOENT' || errno === 'ENOTDIR') return null;
    throw error;
  }
}

/** Names of the folders in a folder, sorted by code unit; none when the folder is not there. */
export function listFolders(folder: string): readonly string[] {
  return listNames(folder, 'folder');
}

/** Names of the regular files in a folder, sorted by code unit; none when it is not there. */
export function listFiles(folder: string): readonly string[] {
  return listNames(folder, 'file');
}

/** Every name in a folder, for looking up many at the cost of one listing; none when it is not there. */
export function namesIn(folder: string): ReadonlySet<string> {
  try {
    return new Set(readdirSync(folder));
  } catch (error) {
    const errno = (error as { code?: string }).code;
    if (errno === 'ENOENT' || errno === 'ENOTDIR') return new Set();
    throw error;
  }
}

/**
 * Writes a file so that it is whole or as it was: into a temporary file beside it, fsync, rename,
 * fsync of the folder. Missing folders are made. Throws disk errors as they come, with the temporary
 * file removed.
 */
export function writeAtomically(path: string, bytes: Uint8Array, mode: FileMode = EVERYBODY): void {
  if (mode === OWNER_ALONE) writePrivately(path, bytes);
  else publish(path, (temporary) => writeDurably(temporary, bytes, mode));
}

/**
 * Like `writeAtomically`, for files of one folder that belong together: each is whole or as it was, they
 * take their places in this order, and the folder is waited for once. For their owner alone: what is
 * remembered of tasks has keys of records in it.
 */
export function writeTogether(
  folder: string,
  files: ReadonlyArray<readonly [name: string, bytes: Uint8Array]>,
): void {
  if (files.length === 0) return;
  mkdirSync(folder, { recursive: true });
  const written = files.map(([name]) => [join(folder, name), temporaryBeside(join(folder, name))]);
  try {
    for (const [index, [, bytes]] of files.entries()) {
      writeDurably(written[index]?.[1] ?? '', bytes, OWNER_ALONE);
    }
    for (const [path = '', temporary = ''] of written) renameSync(temporary, path);
  } catch (error) {
    for (const [, temporary = ''] of written) rmSync(temporary, { force: true });
    throw error;
  }
  syncFolder(folder);
}

/** Like `writeAtomically`, for what only the owner may read: mode 0600 before the first byte is in it. */
export function writePrivately(path: string, bytes: Uint8Array): void {
  publish(path, (temporary) => {
    rmSync(temporary, { force: true });
    writeDurably(temporary, bytes, OWNER_ALONE);
  });
}

/**
 * Writes only when the bytes differ from what is there. Gives true when the file was written.
 */
export function writeIfChanged(
  path: string,
  bytes: Uint8Array,
  mode: FileMode = EVERYBODY,
): boolean {
  if (readIfThere(path)?.equals(bytes)) return false;
  writeAtomically(path, bytes, mode);
  return true;
}

/**
 * Like `writeAtomically`, for a writer that needs a path (an engine that writes Parquet): `make` is
 * given the temporary path and must leave a finished file there.
 */
export function publish(path: string, make: (temporary: string) => void): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = temporaryBeside(path);
  try {
    make(temporary);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  syncFolder(dirname(path));
}

/** A path beside `path` for a file that is not finished: hidden, and swept by the next run. */
export function temporaryBeside(path: string): string {
  return join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
}

/** Removes a file if it is there, and makes the removal durable. Gives true when it was there. */
export function removeIfThere(path: string): boolean {
  if (!existsSync(path)) return false;
  rmSync(path);
  syncFolder(dirname(path));
  return true;
}

/** Removes a folder with all that is in it, and makes the removal durable. */
export function removeFolder(path: string): void {
  rmSync(path, { recursive: true, force: true });
  syncFolder(dirname(path));
}

/** Writes all bytes to an open file: the system may take them in several parts. */
export function writeAll(handle: number, bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.length) written += writeSync(handle, bytes, written);
}

/** Flushes a finished file to the disk. */
export function syncFile(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/**
 * Flushes what is open to the disk while the process goes on. Many at a time take hardly longer than one:
 * the disk is waited for once.
 */
export function flushed(handle: number): Promise<void> {
  return new Promise((done, failed) => {
    fsync(handle, (error) => (error === null ? done() : failed(error)));
  });
}

/** Like `syncFile` and `syncFolder`, while the process goes on. */
export async function pathFlushed(path: string): Promise<void> {
  const handle = openSync(path, 'r');
  try {
    await flushed(handle);
  } finally {
    closeSync(handle);
  }
}

/** Flushes many finished files or folders, no matter how many: few of them are open at one time. */
export async function pathsFlushed(paths: readonly string[]): Promise<void> {
  for (let first = 0; first < paths.length; first += OPEN_AT_ONCE) {
    await Promise.all(paths.slice(first, first + OPEN_AT_ONCE).map(pathFlushed));
  }
}

/** Below what a process may open on any system, and more than the disk takes together. */
const OPEN_AT_ONCE = 64;

function writeDurably(path: string, bytes: Uint8Array, mode: FileMode): void {
  const handle = openSync(path, 'w', mode);
  try {
    writeAll(handle, bytes);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Makes renames, additions and removals in a folder durable. */
export function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function listNames(folder: string, kind: 'file' | 'folder'): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => (kind === 'file' ? entry.isFile() : entry.isDirectory()))
    .map((entry) => entry.name)
    .sort();
}
