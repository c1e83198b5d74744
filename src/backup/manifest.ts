import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { isTemporary } from '../activity/sweep.ts';
import { AdlakeError } from '../errors.ts';
import { hashOf } from '../file.ts';
import { type Lake, zoneDir } from '../zone.ts';

/** One file of a backup. */
export interface BackupFile {
  /** From the lake's home, with `/` between folders, whatever the machine. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** What a backup holds: written last into a folder, first into an archive, as `backup.json`. */
export interface BackupManifest {
  readonly format: 1;
  /** Instant in UTC. */
  readonly made_at: string;
  /** Sorted by path. */
  readonly files: readonly BackupFile[];
}

/** Name of the manifest in a backup. */
export const MANIFEST = 'backup.json';

/**
 * Everything of a lake that cannot be made again: all of landing. Unfinished files of a killed run are
 * left out. Throws `FILE_UNREADABLE` for anything in landing that is neither a file nor a folder, since
 * a link would take something else along, or nothing.
 */
export function manifestOf(lake: Lake, now: string): BackupManifest {
  const landing = zoneDir(lake, 'landing');
  const entries = readdirSync(landing, { recursive: true, withFileTypes: true });
  const stranger = entries.find((entry) => !entry.isFile() && !entry.isDirectory());
  if (stranger !== undefined) throw strange(join(stranger.parentPath, stranger.name));
  const files = entries
    .filter((entry) => entry.isFile() && !isTemporary(entry.name))
    .map((entry) => fileOf(lake, join(entry.parentPath, entry.name)))
    .sort((left, right) => (left.path < right.path ? -1 : 1));
  return { format: 1, made_at: now, files };
}

/** The manifest's text. */
export function encodeManifest(manifest: BackupManifest): Buffer {
  return Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`);
}

/** Reads a manifest. Throws `FILE_UNREADABLE` when it is none, or names a file outside of landing. */
export function parseManifest(bytes: Buffer, where: string): BackupManifest {
  const found = jsonIn(bytes) as Partial<BackupManifest> | null;
  const files: unknown = found?.files;
  if (found?.format !== 1 || !Array.isArray(files)) {
    throw unusable(where, 'has no manifest that this version of adlake can read');
  }
  const wrong = files.find((file) => !isBackupFile(file));
  if (wrong !== undefined) {
    throw unusable(where, `names something that is no file of landing: ${JSON.stringify(wrong)}`);
  }
  return { format: 1, made_at: String(found.made_at), files };
}

/** Files of the manifest that are missing or have other bytes; `read` gives null for what is missing. */
export function misfits(
  manifest: BackupManifest,
  read: (path: string) => Buffer | null,
): readonly string[] {
  return manifest.files
    .filter(({ path, sha256 }) => {
      const bytes = read(path);
      return bytes === null || hashOf(bytes) !== sha256;
    })
    .map(({ path }) => path);
}

/** The error for a backup that cannot be used. */
export function unusable(where: string, found: string): AdlakeError {
  return new AdlakeError({
    code: 'FILE_UNREADABLE',
    message: `${where} is no whole backup: it ${found}.`,
    remedy: 'Take another backup. Nothing was changed.',
  });
}

function fileOf(lake: Lake, path: string): BackupFile {
  const bytes = readFileSync(path);
  const name = relative(lake.home, path).split(sep).join('/');
  return { path: name, bytes: bytes.length, sha256: hashOf(bytes) };
}

/** Names are used as paths when a backup is restored: none may lead out of landing. */
function isBackupFile(value: unknown): value is BackupFile {
  const { path, bytes, sha256 } = (value ?? {}) as Partial<Record<keyof BackupFile, unknown>>;
  if (typeof path !== 'string' || typeof bytes !== 'number' || typeof sha256 !== 'string') {
    return false;
  }
  const parts = path.split('/');
  const isInside = parts.length > 2 && parts[0] === 'zones' && parts[1] === 'landing';
  return isInside && !/[\\\0]/.test(path) && parts.every((part) => !/^\.{0,2}$/.test(part));
}

function jsonIn(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return null;
  }
}

function strange(path: string): AdlakeError {
  return new AdlakeError({
    code: 'FILE_UNREADABLE',
    message: `Landing holds files and folders only, and ${path} is neither.`,
    remedy: 'Replace the link by what it points to, or remove it, and run the same command again.',
  });
}
