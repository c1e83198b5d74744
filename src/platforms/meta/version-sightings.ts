import { readIfThere, writeAtomically } from '../../file.ts';
import { headerOf } from '../../pull/http.ts';
import { cutTokens } from '../../token.ts';
import { daysBetween } from '../../window.ts';
import { cacheFile, type Lake } from '../../zone.ts';
import type { Headers, Verdict } from './classify.ts';

/** What Meta said of a version: in a header beside a good answer, or as error 2635. */
export interface Sighting {
  /** The version that was asked for, like `v25.0`. */
  readonly api_version: string;
  readonly kind: 'header' | 'error';
  /** Meta's own words. */
  readonly text: string;
  /** Instants in UTC. */
  readonly first_seen: string;
  readonly last_seen: string;
}

const FILE = 'api_warnings.json';

/** Meta's warning that a call was raised to another version (Meta, Marketing API versioning). */
const HEADER = 'x-ad-api-version-warning';

/** A deprecated version, or none (Meta, Marketing API error codes). */
export const DEPRECATED_VERSION = 2635;

/** A warning is one sentence; more than this is not one. */
const MAX_TEXT = 300;

/** What was not said again for so long no longer holds. */
const LIFETIME_DAYS = 7;

/** Gathers what a run's answers say of the version, in `cache/api_warnings.json`. */
export class VersionSightings {
  private readonly lake: Lake;
  private readonly secrets: readonly string[];
  private readonly seen: Map<string, Sighting>;
  private isChanged = false;

  /** `secrets` are cut out of what Meta says. */
  constructor(lake: Lake, secrets: readonly string[] = []) {
    this.lake = lake;
    this.secrets = secrets;
    this.seen = new Map(readSightings(lake).map((one) => [keyOf(one), one]));
  }

  /** Takes in an answer that came at `at` (an instant in UTC). */
  observe(
    answer: { readonly headers: Headers; readonly verdict: Verdict },
    of: { readonly apiVersion: string; readonly at: string },
  ): void {
    const warning = headerOf(answer.headers, HEADER);
    if (warning !== '') this.note({ kind: 'header', text: warning }, of);
    const { verdict } = answer;
    if (verdict.kind !== 'ok' && verdict.complaint.code === DEPRECATED_VERSION) {
      this.note({ kind: 'error', text: verdict.complaint.message }, of);
    }
  }

  /** Writes what was seen, if anything was. */
  save(): void {
    if (!this.isChanged) return;
    const warnings = [...this.seen].sort().map(([, sighting]) => sighting);
    const text = `${JSON.stringify({ warnings }, null, 2)}\n`;
    writeAtomically(cacheFile(this.lake, FILE), Buffer.from(text));
    this.isChanged = false;
  }

  private note(
    said: Pick<Sighting, 'kind' | 'text'>,
    of: { readonly apiVersion: string; readonly at: string },
  ): void {
    const text = oneLine(said.text, this.secrets);
    const key = keyOf({ api_version: of.apiVersion, kind: said.kind, text });
    const first_seen = this.seen.get(key)?.first_seen ?? of.at;
    const { kind } = said;
    this.seen.set(key, { api_version: of.apiVersion, kind, text, first_seen, last_seen: of.at });
    this.isChanged = true;
  }
}

/** What Meta said of this version in the last days before `now` (an instant in UTC), oldest first. */
export function sightingsOf(
  lake: Lake,
  of: { readonly apiVersion: string; readonly now: string },
): readonly Sighting[] {
  return readSightings(lake)
    .filter(({ api_version }) => api_version === of.apiVersion)
    .filter(({ last_seen }) => daysBetween(dayOf(last_seen), dayOf(of.now)) <= LIFETIME_DAYS)
    .sort((left, right) => (left.first_seen < right.first_seen ? -1 : 1));
}

/** A cache that cannot be read is as good as none. */
function readSightings(lake: Lake): readonly Sighting[] {
  const text = readIfThere(cacheFile(lake, FILE))?.toString('utf8') ?? '{}';
  try {
    const { warnings } = JSON.parse(text) as { readonly warnings?: unknown };
    return Array.isArray(warnings) ? warnings.filter(isSighting) : [];
  } catch {
    return [];
  }
}

function isSighting(value: unknown): value is Sighting {
  if (typeof value !== 'object' || value === null) return false;
  const { api_version, kind, text, first_seen, last_seen } = value as Record<string, unknown>;
  const isText = [api_version, text].every((one) => typeof one === 'string');
  const isInstant = [first_seen, last_seen].every((one) => /^\d{4}-\d\d-\d\dT/.test(String(one)));
  return isText && isInstant && (kind === 'header' || kind === 'error');
}

function keyOf({ api_version, kind, text }: Pick<Sighting, 'api_version' | 'kind' | 'text'>) {
  return JSON.stringify([api_version, kind, text]);
}

function oneLine(text: string, secrets: readonly string[]): string {
  return cutTokens(text, secrets)
    .replaceAll(/[^\x20-\x7e]+/g, ' ')
    .trim()
    .slice(0, MAX_TEXT);
}

function dayOf(instant: string): string {
  return instant.slice(0, 10);
}
