import { join, sep } from 'node:path';
import { readIfThere, writeAtomically, writePrivately } from '../file.ts';
import { DATASETS } from '../pipeline.ts';
import { SALT_NAME } from '../platforms/internal/salt.ts';
import type { Lake } from '../zone.ts';
import {
  type BackupManifest,
  encodeManifest,
  MANIFEST,
  misfits,
  parseManifest,
  unusable,
} from './manifest.ts';

/** What a backup did. */
export interface BackedUp {
  readonly files: number;
  readonly bytes: number;
  /** Files that the backup had already, with the same bytes. */
  readonly alreadyThere: number;
}

/**
 * Brings a folder up to date with the manifest: copies what it lacks, reads everything in it back, and
 * writes its manifest last. A file is whole in it or not there. Throws `FILE_UNREADABLE` when a file of
 * the lake changed meanwhile or does not read back.
 */
export function backUpToFolder(lake: Lake, manifest: BackupManifest, folder: string): BackedUp {
  const missing = new Set(misfits(manifest, (path) => readIfThere(join(folder, path))));
  for (const { path } of manifest.files) {
    if (missing.has(path)) copy(path, { from: lake.home, to: folder });
  }
  const wrong = misfits(manifest, (path) => readIfThere(join(folder, path)));
  if (wrong.length > 0) throw unusable(folder, `does not read back ${wrong[0]}`);
  writeAtomically(join(folder, MANIFEST), encodeManifest(manifest));
  return sumOf(manifest, manifest.files.length - missing.size);
}

/** The manifest of a backup in a folder. Throws `FILE_UNREADABLE`. */
export function folderManifest(folder: string): BackupManifest {
  const bytes = readIfThere(join(folder, MANIFEST));
  if (bytes === null) throw unusable(folder, `lacks ${MANIFEST}, so it was never finished`);
  return parseManifest(bytes, folder);
}

/** The size of a backup. */
export function sumOf(manifest: BackupManifest, alreadyThere: number): BackedUp {
  const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
  return { files: manifest.files.length, bytes, alreadyThere };
}

function copy(path: string, at: { readonly from: string; readonly to: string }): void {
  const bytes = readIfThere(join(at.from, path));
  if (bytes === null) throw unusable(at.from, `lost ${path} while it was copied`);
  writeLanded(join(at.to, path), bytes);
}

/**
 * Writes a file of landing elsewhere: what only its owner may read there stays so (the salt of keys, and
 * datasets about persons).
 */
export function writeLanded(path: string, bytes: Buffer): void {
  const isOfPersons = PRIVATE_FOLDERS.some((folder) => path.includes(folder));
  if (isOfPersons || path.endsWith(SALT_NAME)) writePrivately(path, bytes);
  else writeAtomically(path, bytes);
}

const PRIVATE_FOLDERS = DATASETS.filter(({ isPrivate }) => isPrivate === true).map(
  ({ platform, name }) => join('zones', 'landing', platform, name, sep),
);
