import { statSync } from 'node:fs';

/**
 * A change within this time of another may leave a folder with the same time, so of a folder that was
 * changed so recently nothing can be told. Larger than the time step of any file system.
 */
const SETTLED_MILLISECONDS = 3000;

/**
 * Inode, times and links of a folder: they change when something in it comes, goes, is renamed or put in
 * the place of another, and stay when a file is written in place. Empty when it was changed just now, null
 * when it is not there.
 */
export function folderPrint(folder: string): string | null {
  const found = statSync(folder, { bigint: true, throwIfNoEntry: false });
  if (found === undefined) return null;
  const isRecent = Date.now() - Number(found.mtimeMs) < SETTLED_MILLISECONDS;
  return isRecent ? '' : [found.ino, found.mtimeNs, found.ctimeNs, found.nlink].join('.');
}
