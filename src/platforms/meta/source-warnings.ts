import type { Config } from '../../config.ts';
import { dayAt } from '../../window.ts';
import type { Lake } from '../../zone.ts';
import { type SourceWarning, VERSION_REMEDY, versionWarning } from './api-version.ts';
import { keptTokenDates } from './token-cache.ts';
import { type Ending, ending, OF_ACCESS, OF_TOKEN } from './token-findings.ts';
import { type Sighting, sightingsOf } from './version-sightings.ts';

/**
 * What a person should know of the source before it stops working: a version that expires or was
 * warned of, a kept token that ends. Asks nobody and opens nothing; `now` is an instant in UTC.
 */
export function sourceWarnings(
  lake: Lake,
  at: { readonly config: Config; readonly now: string },
): readonly SourceWarning[] {
  const { meta } = at.config;
  const { apiVersion } = meta;
  return [
    ...[versionWarning(apiVersion, dayAt(at.now, 'UTC'))].filter((one) => one !== null),
    ...sightingsOf(lake, { apiVersion, now: at.now }).map(sightingText),
    ...(meta.accessToken === null ? tokenEnds(lake, at.now) : []),
  ];
}

function sightingText({ kind, text, api_version, last_seen }: Sighting): SourceWarning {
  const what =
    kind === 'header'
      ? `Meta warns of version ${api_version}: ${text}`
      : `Meta refused version ${api_version}: ${text}`;
  return {
    what: `${what.replace(/\.$/, '')} (last on ${last_seen.slice(0, 10)})`,
    remedy: VERSION_REMEDY,
  };
}

function tokenEnds(lake: Lake, now: string): readonly SourceWarning[] {
  const dates = keptTokenDates(lake);
  if (dates === null) return [];
  return [
    ...near(dates.expires_at, { ...OF_TOKEN, now }),
    ...near(dates.data_access_expires_at, { ...OF_ACCESS, now }),
  ];
}

function near(
  end: string | null,
  about: Ending & { readonly now: string },
): readonly SourceWarning[] {
  const { level, what, remedy } = ending(end, about);
  return level === 'ok' || remedy === undefined ? [] : [{ what, remedy }];
}
