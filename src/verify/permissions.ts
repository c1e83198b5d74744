import { chmodSync, existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { counted } from '../amount.ts';
import type { Dataset } from '../dataset.ts';
import { OWNER_ALONE } from '../file.ts';
import type { Finding } from '../finding.ts';
import { DATASETS } from '../pipeline.ts';
import { SALT_NAME } from '../platforms/internal/salt.ts';
import { tokenCacheFile } from '../platforms/meta/token-cache.ts';
import { cacheFile, type Lake, zoneDir } from '../zone.ts';

/**
 * Files that hold secrets or may hold names of persons, and that others on this machine can read: the
 * `.env` of the folder, the kept token, the salt of person keys, logs, and files of datasets about
 * persons. With `mends`, each is made readable by its owner alone.
 */
export function openFiles(
  lake: Lake,
  at: { readonly cwd: string; readonly mends: boolean },
): readonly Finding[] {
  if (process.platform === 'win32') return [];
  const open = privateFiles(lake, at.cwd).filter(([path]) => isOpen(path));
  return [
    ...open.map(([path, why]) => (at.mends ? mended(path) : warning(path, why))),
    ...DATASETS.filter(({ isPrivate }) => isPrivate === true).flatMap((dataset) =>
      openData(lake, dataset, at.mends),
    ),
  ];
}

/** Of a dataset about persons: one line, however many files there are. */
function openData(lake: Lake, dataset: Dataset, mends: boolean): readonly Finding[] {
  const open = foldersOf(lake, dataset).flatMap(filesBelow).filter(isOpen);
  const [first] = open;
  if (first === undefined) return [];
  const files = `${counted(open.length, 'file')} of ${dataset.name}`;
  if (mends) for (const path of open) chmodSync(path, OWNER_ALONE);
  if (mends) return [{ level: 'ok', what: `${files} can now be read by their owner alone` }];
  return [
    {
      level: 'warn',
      what: `${files} can be read by other users of this machine, the first is ${first}`,
      why: 'Their records are about persons.',
      remedy: 'Run `adlake doctor --fix`.',
    },
  ];
}

function foldersOf(lake: Lake, { platform, name }: Dataset): readonly string[] {
  const zones = [
    ...(['landing', 'raw', 'staging'] as const).map((zone) => zoneDir(lake, zone)),
    ...['raw', 'staging'].map((zone) => join(zoneDir(lake, 'quarantine'), zone)),
  ];
  return zones.map((zone) => join(zone, platform, name));
}

function filesBelow(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

type PrivateFile = readonly [path: string, why: string];

function privateFiles(lake: Lake, cwd: string): readonly PrivateFile[] {
  const logs = cacheFile(lake, 'logs');
  const logFiles = existsSync(logs) ? readdirSync(logs).map((name) => join(logs, name)) : [];
  return [
    [join(cwd, '.env'), 'It may hold access tokens, and whoever has one can read the ad accounts.'],
    [
      tokenCacheFile(lake),
      'It holds the access token. It is encrypted, but others can try to guess the secret.',
    ],
    [
      join(zoneDir(lake, 'landing'), 'internal', SALT_NAME),
      'With it and an e-mail address, anybody can find that person in the lake.',
    ],
    ...logFiles.map((path): PrivateFile => [path, 'Errors in it may name accounts and campaigns.']),
  ];
}

const OTHERS = 0o077;

function isOpen(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isFile() === true && (found.mode & OTHERS) !== 0;
}

function mended(path: string): Finding {
  chmodSync(path, OWNER_ALONE);
  return { level: 'ok', what: `${path} can now be read by its owner alone` };
}

function warning(path: string, why: string): Finding {
  const what = `${path} can be read by other users of this machine`;
  return { level: 'warn', what, why, remedy: `Run \`adlake doctor --fix\`, or: chmod 600 ${path}` };
}
