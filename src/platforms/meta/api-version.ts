import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { counted } from '../../amount.ts';
import { CHECKOUT } from '../../checkout.ts';
import { daysBetween } from '../../window.ts';

/** A version of the Marketing API. Days are calendar days of no particular zone. */
export interface ApiVersion {
  /** Like `v26.0`. */
  readonly version: string;
  readonly released: string;
  /** The day it expires; null when Meta has not said. */
  readonly expires: string | null;
}

/** Something about the source that a person should look at, and what to do. */
export interface SourceWarning {
  readonly what: string;
  readonly remedy: string;
}

/** Meta gives at least 90 days between a new version and the end of an old one. */
const WARNING_DAYS = 90;

/** Every version that is known, newest first; the table is in `api-versions.json`. */
export const API_VERSIONS: readonly ApiVersion[] = (
  JSON.parse(readFileSync(join(CHECKOUT, 'src/platforms/meta/api-versions.json'), 'utf8')) as {
    readonly versions: readonly ApiVersion[];
  }
).versions;

/** The newest version that is known. */
export const NEWEST_VERSION = API_VERSIONS[0]?.version ?? '';

/** What to do about a version that is too old. */
export const VERSION_REMEDY = `Set META_API_VERSION to ${NEWEST_VERSION}, or remove it to use the default.`;

/**
 * A warning when the version in use has expired or will in 90 days, by the table; null when there is
 * nothing to say. A version newer than the table is taken on trust, an older one has expired.
 */
export function versionWarning(
  version: string,
  today: string,
  versions: readonly ApiVersion[] = API_VERSIONS,
): SourceWarning | null {
  const name = `version ${version} of the Marketing API`;
  const remedy = VERSION_REMEDY;
  const known = versions.find((one) => one.version === version);
  if (known === undefined) {
    return isOlder(version, versions)
      ? { what: `${name} expired long ago, and may be answered as another version`, remedy }
      : null;
  }
  if (known.expires === null) return null;
  const days = daysBetween(today, known.expires);
  if (days > WARNING_DAYS) return null;
  const what =
    days <= 0
      ? `${name} expired on ${known.expires}, and is refused or answered as another version`
      : `${name} expires on ${known.expires}, in ${counted(days, 'day')}`;
  return { what, remedy };
}

function isOlder(version: string, versions: readonly ApiVersion[]): boolean {
  return versions.every((one) => numberOf(version) < numberOf(one.version));
}

function numberOf(version: string): number {
  return Number(version.slice(1));
}
