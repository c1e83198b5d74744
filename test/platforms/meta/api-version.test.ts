import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  API_VERSIONS,
  NEWEST_VERSION,
  versionWarning,
} from '../../../src/platforms/meta/api-version.ts';
import { classify } from '../../../src/platforms/meta/classify.ts';
import { refusalError } from '../../../src/platforms/meta/refusal.ts';
import { sightingsOf, VersionSightings } from '../../../src/platforms/meta/version-sightings.ts';
import { cacheFile } from '../../../src/zone.ts';
import { temporaryLake } from '../../helpers/lake.ts';

const DEPRECATED = JSON.stringify({
  error: {
    message:
      '(#2635) You are calling a deprecated version of the Ads API. Please update to the latest version: v26.0.',
    type: 'OAuthException',
    code: 2635,
    fbtrace_id: 'x',
  },
});

describe('the table of versions', () => {
  it('begins with the version that adlake uses by default', () => {
    const example = fileURLToPath(new URL('../../../.env.example', import.meta.url));
    expect(readFileSync(example, 'utf8')).toContain(`META_API_VERSION=${NEWEST_VERSION}\n`);
  });

  it('goes from the newest to the oldest, and each version ends after it began', () => {
    const released = API_VERSIONS.map((one) => one.released);
    expect(released).toEqual([...released].sort().reverse());
    for (const { released: from, expires } of API_VERSIONS)
      expect((expires ?? '9') > from).toBe(true);
  });
});

describe('a version', () => {
  const table = [
    { version: 'v31.0', released: '2029-01-01', expires: null },
    { version: 'v30.0', released: '2028-01-01', expires: '2029-06-30' },
  ];

  it.each([
    ['v31.0', '2029-06-01', null],
    ['v32.0', '2029-06-01', null],
    ['v30.0', '2029-03-31', null],
    ['v30.0', '2029-04-01', 'expires on 2029-06-30, in 90 days'],
    ['v30.0', '2029-06-29', 'expires on 2029-06-30, in 1 day'],
    ['v30.0', '2029-06-30', 'expired on 2029-06-30'],
    ['v29.0', '2029-06-30', 'expired long ago'],
  ])('%s on %s: %s', (version, today, said) => {
    const what = versionWarning(version, today, table)?.what ?? null;
    if (said === null) expect(what).toBeNull();
    else expect(what).toContain(said);
  });

  it('that has expired is warned of with the one to take instead', () => {
    expect(versionWarning('v24.0', '2026-11-20')).toEqual({
      what: 'version v24.0 of the Marketing API expired on 2026-10-06, and is refused or answered as another version',
      remedy: 'Set META_API_VERSION to v26.0, or remove it to use the default.',
    });
  });

  it('that Meta refuses is an error that says which one to take', () => {
    const verdict = classify(400, DEPRECATED, {});
    if (verdict.kind === 'ok') throw new Error('it was taken');
    expect(refusalError(verdict, 'campaigns')).toMatchObject({
      code: 'SOURCE_REFUSED',
      remedy: expect.stringContaining('META_API_VERSION to v26.0'),
    });
  });
});

describe('what Meta says of a version', () => {
  const header = 'The call has been auto-upgraded to v26.0 as v25.0 will be deprecated.';
  const of = (at: string) => ({ apiVersion: 'v25.0', at: `${at}T10:00:00.000Z` });
  const good = classify(200, '{"data":[]}', {});
  const seenOn = (lake: { home: string }, ...days: readonly string[]) => {
    for (const day of days) {
      const sightings = new VersionSightings(lake);
      sightings.observe(
        { headers: { 'x-ad-api-version-warning': header }, verdict: good },
        of(day),
      );
      sightings.save();
    }
  };
  const found = (lake: { home: string }, apiVersion: string, day: string) =>
    sightingsOf(lake, { apiVersion, now: `${day}T12:00:00.000Z` });

  it('is kept once, with the first and the last time it was said', () => {
    const lake = temporaryLake();
    seenOn(lake, '2026-11-18', '2026-11-20');
    expect(found(lake, 'v25.0', '2026-11-20')).toEqual([
      {
        api_version: 'v25.0',
        kind: 'header',
        text: header,
        first_seen: '2026-11-18T10:00:00.000Z',
        last_seen: '2026-11-20T10:00:00.000Z',
      },
    ]);
  });

  it('holds for 7 days, and for that version alone', () => {
    const lake = temporaryLake();
    seenOn(lake, '2026-11-18');
    expect(found(lake, 'v25.0', '2026-11-25').length).toBe(1);
    expect(found(lake, 'v25.0', '2026-11-26')).toEqual([]);
    expect(found(lake, 'v26.0', '2026-11-20')).toEqual([]);
  });

  it('can be a refusal, in words without line breaks or a token', () => {
    const lake = temporaryLake();
    const sightings = new VersionSightings(lake);
    const message = '(#2635) deprecated\n\u001b[31m https://x/?access_token=EAAhush&x=1';
    const body = JSON.stringify({ error: { message, code: 2635 } });
    sightings.observe({ headers: {}, verdict: classify(400, body, {}) }, of('2026-11-20'));
    sightings.save();
    expect(found(lake, 'v25.0', '2026-11-20')).toMatchObject([
      { kind: 'error', text: '(#2635) deprecated [31m https://x/?x=1' },
    ]);
  });

  it('writes nothing when nothing was said', () => {
    const lake = temporaryLake();
    const sightings = new VersionSightings(lake);
    sightings.observe({ headers: {}, verdict: good }, of('2026-11-20'));
    sightings.save();
    expect(() => readFileSync(cacheFile(lake, 'api_warnings.json'))).toThrow('ENOENT');
  });
});
