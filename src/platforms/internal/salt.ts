import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { AdlakeError } from '../../errors.ts';
import { hashOf, readIfThere, writePrivately } from '../../file.ts';
import { type Lake, zoneDir } from '../../zone.ts';

/**
 * The lake's salt: what turns the e-mail address of a person into the same key every time, and what
 * nobody can make that key from without having it. It lies in landing, because keys that are there
 * already must stay the same when `cache/` is deleted; only its owner may read it (mode 0600).
 */
export interface Salt {
  readonly bytes: Buffer;
  /** Eight hex digits that name the salt and tell nothing of it; every batch with keys carries them. */
  readonly id: string;
}

const SALT_BYTES = 32;

/** Name of the salt's file. */
export const SALT_NAME = 'person-key.salt';

/** Where the salt lies. Copies of a lake need it; nobody else may get it. */
export function saltFile(lake: Lake): string {
  return join(zoneDir(lake, 'landing'), 'internal', SALT_NAME);
}

/** The lake's salt, or null when it has none yet. Throws `FILE_UNREADABLE` when it was damaged. */
export function saltOf(lake: Lake): Salt | null {
  const text = readIfThere(saltFile(lake))?.toString('utf8').trim();
  if (text === undefined) return null;
  if (/^[0-9a-f]{64}$/.test(text)) return named(Buffer.from(text, 'hex'));
  throw new AdlakeError({
    code: 'FILE_UNREADABLE',
    message: `${saltFile(lake)} should hold 64 hex digits and does not, so keys of persons cannot be made.`,
    remedy:
      'Restore the file from a backup of the lake. A new one would not fit the keys there are.',
  });
}

/** The lake's salt; a lake without one gets one, for good. */
export function makeSalt(lake: Lake): Salt {
  const known = saltOf(lake);
  if (known !== null) return known;
  const bytes = randomBytes(SALT_BYTES);
  writePrivately(saltFile(lake), Buffer.from(`${bytes.toString('hex')}\n`));
  return named(bytes);
}

function named(bytes: Buffer): Salt {
  return { bytes, id: hashOf(bytes).slice(0, 8) };
}
