import { cpSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { keepToken, keptToken, tokenCacheFile } from '../../../src/platforms/meta/token-cache.ts';
import { findToken } from '../../../src/platforms/meta/token-source.ts';
import type { Lake } from '../../../src/zone.ts';
import { keptLake, temporaryLake } from '../../helpers/lake.ts';

const TOKEN = 'EAAsyntheticTokenThatIsKept123';
const SECRET = 'a secret of some length';
const DATES = {
  stored_at: '2026-11-20T08:00:00.000Z',
  expires_at: '2027-01-19T08:00:00Z',
  data_access_expires_at: null,
};

/** Kept once, and copied for the others: to make a key of a secret is dear on purpose. */
const first = keptLake();
beforeAll(() => keepToken(first, { token: TOKEN, ...DATES }, SECRET));

function lakeWithToken(): Lake {
  const lake = temporaryLake();
  cpSync(first.home, lake.home, { recursive: true });
  return lake;
}

function textIn(lake: Lake): string {
  return readFileSync(tokenCacheFile(lake), 'utf8');
}

function change(lake: Lake, from: string | RegExp, to: string): void {
  const text = textIn(lake);
  const changed = text.replace(from, to);
  expect(changed).not.toBe(text);
  writeFileSync(tokenCacheFile(lake), changed);
}

describe('a kept token', () => {
  it('comes back with its dates when the secret is the same', () => {
    expect(keptToken(lakeWithToken(), SECRET)).toEqual({ token: TOKEN, ...DATES });
  });

  it('stands in the file in no spelling, and neither does the secret', () => {
    const text = textIn(lakeWithToken());
    for (const form of ['utf8', 'base64', 'hex'] as const) {
      expect(text).not.toContain(Buffer.from(TOKEN).toString(form).replace(/=+$/, ''));
      expect(text).not.toContain(Buffer.from(SECRET).toString(form).replace(/=+$/, ''));
    }
    expect(JSON.parse(text)).toMatchObject({
      cipher: 'aes-256-gcm',
      key: { derivation: 'scrypt', n: 32768, r: 8, p: 3 },
    });
  });

  it('is in a file that its owner alone can read', () => {
    const lake = temporaryLake();
    keepToken(lake, { token: TOKEN, ...DATES }, SECRET);
    expect(statSync(tokenCacheFile(lake)).mode & 0o777).toBe(0o600);
    keepToken(lake, { token: TOKEN, ...DATES }, SECRET);
    expect(statSync(tokenCacheFile(lake)).mode & 0o777).toBe(0o600);
  });

  it('has a new salt, nonce and ciphertext each time', () => {
    const lake = lakeWithToken();
    const first = JSON.parse(textIn(lake)) as Record<string, unknown>;
    keepToken(lake, { token: TOKEN, ...DATES }, SECRET);
    const second = JSON.parse(textIn(lake)) as Record<string, unknown>;
    for (const name of ['key', 'nonce', 'tag', 'ciphertext']) {
      expect(second[name]).not.toEqual(first[name]);
    }
  });

  it('is none when nothing was kept, with and without a secret', () => {
    expect(keptToken(temporaryLake(), SECRET)).toBeNull();
    expect(keptToken(temporaryLake(), null)).toBeNull();
  });
});

describe('what does not open a kept token', () => {
  it('is no secret at all', () => {
    expect(() => keptToken(lakeWithToken(), null)).toThrow(
      expect.objectContaining({ code: 'TOKEN_MISSING', exitCode: 77 }),
    );
  });

  it('is another secret', () => {
    expect(() => keptToken(lakeWithToken(), 'another secret of some length')).toThrow(
      expect.objectContaining({ code: 'TOKEN_REFUSED', exitCode: 77 }),
    );
  });

  it.each([
    ['its end', '2027-01-19', '2028-01-19'],
    ['when it was stored', '2026-11-20', '2026-11-21'],
    ['the cost of the key', '"p": 3', '"p": 4'],
  ])('is a file in which somebody changed %s', (_, from, to) => {
    const lake = lakeWithToken();
    change(lake, from, to);
    expect(() => keptToken(lake, SECRET)).toThrow(
      expect.objectContaining({ code: 'TOKEN_REFUSED' }),
    );
  });

  it('is a file in which somebody changed the ciphertext', () => {
    const lake = lakeWithToken();
    const path = tokenCacheFile(lake);
    const text = readFileSync(path, 'utf8');
    const [found = '', first] = /"ciphertext": "(.)/.exec(text) ?? [];
    writeFileSync(path, text.replace(found, `"ciphertext": "${first === '+' ? 'A' : '+'}`));
    expect(() => keptToken(lake, SECRET)).toThrow(
      expect.objectContaining({ code: 'TOKEN_REFUSED' }),
    );
  });

  it.each([
    ['an impossible cost', '"n": 32768', '"n": 1073741824'],
    ['a cost that is no power of two', '"n": 32768', '"n": 32769'],
    ['a shorter tag', /"tag": "[^"]+"/, '"tag": "AAAA"'],
    ['no JSON', '{', ''],
  ])('is a file with %s, which is damaged', (_, from, to) => {
    const lake = lakeWithToken();
    change(lake, from, to);
    expect(() => keptToken(lake, SECRET)).toThrow(
      expect.objectContaining({ code: 'FILE_UNREADABLE', exitCode: 74 }),
    );
  });
});

describe('the token comes', () => {
  const settings = (accessToken: string | null, secret: string | null) => ({
    meta: { accessToken },
    secret,
  });

  it('from META_ACCESS_TOKEN first, whatever is kept', () => {
    expect(findToken(settings('other', null), lakeWithToken())).toEqual({
      kind: 'settings',
      token: 'other',
    });
  });

  it('else from the cache, with its dates', () => {
    expect(findToken(settings(null, SECRET), lakeWithToken())).toMatchObject({
      kind: 'cache',
      token: TOKEN,
      dates: DATES,
    });
  });

  it('else from nowhere', () => {
    expect(findToken(settings(null, SECRET), temporaryLake())).toEqual({ kind: 'none' });
  });
});
