import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { create, extract } from 'tar';
import { readIfThere, syncFile, syncFolder } from '../file.ts';
import type { Lake } from '../zone.ts';
import { type BackedUp, backUpToFolder, folderManifest } from './folder.ts';
import { type BackupManifest, MANIFEST, misfits, unusable } from './manifest.ts';

/** True for a name that says it is an archive: tar, packed with gzip. */
export function isArchiveName(path: string): boolean {
  return /\.(tar\.gz|tgz)$/i.test(path);
}

/**
 * Writes an archive with all that the manifest names, unpacks it to see that it reads back, and puts it
 * in place of what was there. Needs room for landing twice beside the archive while it works. Throws
 * `FILE_UNREADABLE` when it does not read back.
 */
export async function backUpToArchive(
  lake: Lake,
  manifest: BackupManifest,
  file: string,
): Promise<BackedUp> {
  return inScratch(dirname(file), async (scratch) => {
    const folder = join(scratch, 'folder');
    const packed = join(scratch, 'packed');
    const done = backUpToFolder(lake, manifest, folder);
    const names = [MANIFEST, ...manifest.files.map(({ path }) => path)];
    await create({ file: packed, cwd: folder, gzip: true, portable: true }, names);
    rmSync(folder, { recursive: true });
    await unpackArchive(packed, folder);
    syncFile(packed);
    renameSync(packed, file);
    syncFolder(dirname(file));
    return done;
  });
}

/**
 * Unpacks an archive into a folder and gives its manifest, with every file checked against it. Links,
 * and what is not of landing, are left packed. Throws `FILE_UNREADABLE`.
 */
export async function unpackArchive(file: string, into: string): Promise<BackupManifest> {
  mkdirSync(into, { recursive: true });
  try {
    await extract({ file, cwd: into, strict: true, filter: isWanted });
  } catch (cause) {
    throw unusable(file, `cannot be unpacked (${cause instanceof Error ? cause.message : cause})`);
  }
  const manifest = folderManifest(into);
  const [wrong] = misfits(manifest, (path) => readIfThere(join(into, path)));
  if (wrong !== undefined) throw unusable(file, `lacks ${wrong}, or holds other bytes for it`);
  return manifest;
}

/** Gives `work` an empty folder inside `parent`, which goes when the work ends. */
export async function inScratch<T>(
  parent: string,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, '.adlake-backup-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Regular files only: a link in an archive could point anywhere. */
function isWanted(path: string, entry: object): boolean {
  const type = 'type' in entry ? entry.type : 'File';
  return (
    (type === 'File' || type === 'OldFile') &&
    (path === MANIFEST || path.startsWith('zones/landing/'))
  );
}
