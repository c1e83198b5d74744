import { missingVersion, unknownPath } from './graph-error.ts';

/** A path cut into its version and the rest, with the warning that an expired version gets. */
export interface Versioned {
  readonly path: readonly string[];
  /** `v26.0`, or the version that an expired one was raised to. */
  readonly version: string;
  readonly warning: string | undefined;
}

const LIVE = ['v25.0', 'v26.0'];
const NEWEST = 'v26.0';
/** What becomes of a call of an expired version: Meta does one or the other, as the app is set. */
export type ExpiredVersions = 'upgraded' | 'refused';

/** Expired versions that Meta raises to the newest by itself. */
const EXPIRED = /^v(1\d|2[0-4])\.0$/;

/**
 * Reads the version in front of a path. Throws a `GraphError`: 2635 when there is none (or when it has
 * expired and such calls are refused), 2500 when it does not exist.
 */
export function readVersion(pathname: string, expired: ExpiredVersions): Versioned {
  const [first = '', ...path] = pathname.split('/').filter((part) => part !== '');
  if (LIVE.includes(first)) return { path, version: first, warning: undefined };
  if (!/^v\d/.test(first)) throw missingVersion();
  if (!EXPIRED.test(first)) throw unknownPath(`/${path.join('/')}`);
  if (expired === 'refused') throw missingVersion();
  const warning = `The call has been auto-upgraded to ${NEWEST} as ${first} has been deprecated.`;
  return { path, version: NEWEST, warning };
}

/**
 * Reads the path of a batch: its version, or undefined for a batch without one, whose entries name
 * their own. Throws a `GraphError` for anything behind it.
 */
export function readRoot(pathname: string, expired: ExpiredVersions): string | undefined {
  if (pathname === '/') return undefined;
  const [first] = pathname.split('/').filter((part) => part !== '');
  if (readVersion(pathname, expired).path.length === 0) return first;
  throw unknownPath(pathname);
}
