import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AdlakeError } from '../errors.ts';
import { hashOf, readIfThere } from '../file.ts';
import type { Lake } from '../zone.ts';
import { inScratch, unpackArchive } from './archive.ts';
import { folderManifest, writeLanded } from './folder.ts';
import { type BackupManifest, misfits, unusable } from './manifest.ts';

/** What a restore did. */
export interface Restored {
  readonly made_at: string;
  readonly files: number;
  /** Files that the lake had already, with the same bytes. */
  readonly alreadyThere: number;
}

/**
 * Puts back what a backup (a folder, or an archive of it) holds: into an empty lake, or into one that
 * lost files. A file that the lake has with other bytes stops it before anything is written, and so does
 * a backup that is not whole. Throws `FILE_UNREADABLE`, `USAGE` when there is no such backup.
 */
export async function restore(lake: Lake, from: string): Promise<Restored> {
  if (!existsSync(from)) throw missing(from);
  if (isFolder(from)) return putBack(lake, folderManifest(from), from);
  return inScratch(dirname(from), async (scratch) =>
    putBack(lake, await unpackArchive(from, scratch), scratch),
  );
}

function putBack(lake: Lake, manifest: BackupManifest, from: string): Restored {
  const [broken] = misfits(manifest, (path) => readIfThere(join(from, path)));
  if (broken !== undefined) throw unusable(from, `lacks ${broken}, or holds other bytes for it`);
  const absent = manifest.files.filter(({ path, sha256 }) => isAbsent(lake, { path, sha256 }));
  for (const { path } of absent) {
    writeLanded(join(lake.home, path), readIfThere(join(from, path)) ?? Buffer.alloc(0));
  }
  return {
    made_at: manifest.made_at,
    files: manifest.files.length,
    alreadyThere: manifest.files.length - absent.length,
  };
}

function isAbsent(lake: Lake, file: { readonly path: string; readonly sha256: string }): boolean {
  const bytes = readIfThere(join(lake.home, file.path));
  if (bytes === null) return true;
  if (hashOf(bytes) === file.sha256) return false;
  throw new AdlakeError({
    code: 'FILE_UNREADABLE',
    message: `${join(lake.home, file.path)} has other bytes than the backup: one of the two was changed.`,
    remedy: `Restore into an empty folder with --lake DIR and compare, or move the file away and restore again. Nothing was changed.`,
  });
}

function isFolder(path: string): boolean {
  return statSync(path).isDirectory();
}

function missing(from: string): AdlakeError {
  return new AdlakeError({
    code: 'USAGE',
    message: `There is no backup at ${from}.`,
    remedy: 'Name the folder, or the archive (.tar.gz), that `adlake backup` wrote.',
  });
}
