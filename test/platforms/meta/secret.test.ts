import { describe, expect, it } from 'vitest';
import { credentialsOf, secretProof, withoutToken } from '../../../src/platforms/meta/secret.ts';
import { spellingsOf, withoutSecrets } from '../../../src/pull/secrets.ts';
import { cutTokens } from '../../../src/token.ts';
import { type Random, seeded } from '../../helpers/random.ts';

const TOKEN = 'EAAsynthetic|token';

function cut(text: string): string {
  return withoutToken(Buffer.from(text), TOKEN).toString('utf8');
}

const NAMES = ['next', 'previous', 'name', '"next"', 'x"previous', 'next\\'];
const PIECES = [
  ...['next', '"next":"', '"', '\\', ': ', '{', 'é🙂', 'limit=5', 'http://x/?'],
  ...['access_token=abc', '&', '\\u0026', 'appsecret_proof=ab12', TOKEN, encodeURIComponent(TOKEN)],
];

/** JSON in which names and texts are drawn from what could be mistaken. */
function drawnPage(draw: Random): string {
  const pick = (from: readonly string[]): string => from[Math.floor(draw() * from.length)] ?? '';
  const text = (): string => Array.from({ length: 6 }, () => pick(PIECES)).join('');
  const value = (depth: number): unknown =>
    depth > 2 || draw() < 0.6
      ? text()
      : Object.fromEntries(Array.from({ length: 3 }, () => [pick(NAMES), value(depth + 1)]));
  const page = { data: [value(0), value(0)], paging: { next: text(), previous: text() } };
  return JSON.stringify(page, null, draw() < 0.5 ? 0 : 1);
}

/** The same by the words of its description, for a page as a text. */
function cutText(page: string): string {
  const urls = /"(?:next|previous)"\s*:\s*"(?:[^"\\]|\\.)*"/g;
  const proof = /appsecret_proof=[^&"'\\\s]*(?:&|\\u0026)?/g;
  const clean = page.replace(urls, (url) => cutTokens(url).replace(proof, ''));
  return spellingsOf(TOKEN).reduce((rest, spelling) => rest.replaceAll(spelling, ''), clean);
}

describe('a page loses the token and nothing else', () => {
  it('wherever the parameter stands in paging.next and paging.previous', () => {
    const url = 'https:\\/\\/graph.facebook.com\\/v26.0\\/act_1\\/insights?';
    const page = (query: string, back: string) =>
      `{"data":[{"ad_name":"a \\"next\\" é 🙂"}],\n "paging":{"next":"${url}${query}" , "previous":"${url}${back}"}}`;
    expect(
      cut(
        page(
          'access_token=EAAsynthetic%7Ctoken&limit=5',
          'limit=5&access_token=EAAsynthetic%7Ctoken',
        ),
      ),
    ).toBe(page('limit=5', 'limit=5&'));
    expect(cut(page('a=1\\u0026access_token=EAAx\\u0026limit=5', 'a=1'))).toBe(
      page('a=1\\u0026limit=5', 'a=1'),
    );
  });

  it('in nested paging too', () => {
    const page = '{"data":[{"insights":{"paging":{"next":"http://x/?access_token=abc&after=1"}}}]}';
    expect(cut(page)).toBe('{"data":[{"insights":{"paging":{"next":"http://x/?after=1"}}}]}');
  });

  it('as often as it stands there, in whatever order', () => {
    const page = (more: string) =>
      `{"data":[1,2,3].map({"paging":{"previous":"p?${more}a=1","next" : "n?${more}a=\\"2"}})},` +
      `"next":"x?${more}","previous":null,"next":"${more}","name":"next"`;
    expect(cut(page('access_token=abc&'))).toBe(page(''));
    expect(cut(`"${TOKEN}${TOKEN}" é ${TOKEN}`)).toBe('"" é ');
  });

  it('as it would when the whole page were a text', () => {
    const draw = seeded(7);
    for (let round = 0; round < 3_000; round++) {
      const page = drawnPage(draw);
      expect(cut(page)).toBe(cutText(page));
    }
  });

  it('and keeps a name that speaks of an access_token', () => {
    const page = '{"data":[{"name":"https://shop.example/?access_token=demo&x=1"}]}';
    expect(cut(page)).toBe(page);
  });

  it('and the very token is cut out wherever it stands', () => {
    for (const spelling of [TOKEN, encodeURIComponent(TOKEN), 'EAAsynthetic%7ctoken']) {
      expect(cut(`{"data":[],"hint":"${spelling}!"}`)).toBe('{"data":[],"hint":"!"}');
    }
  });

  it('and the proof goes with it', () => {
    expect(cut('{"paging":{"next":"http://x/?appsecret_proof=ab12&after=1"}}')).toBe(
      '{"paging":{"next":"http://x/?after=1"}}',
    );
  });
});

it('the proof is the HMAC-SHA256 of the token with the secret as key', () => {
  // The second test case of RFC 4231.
  expect(secretProof('Jefe', 'what do ya want for nothing?')).toBe(
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  );
});

describe('what an answer repeats of the settings', () => {
  const appSecret = 'synthetic+app/secret=0123';
  const secrets = credentialsOf({ token: TOKEN, appSecret });
  const proof = secretProof(appSecret, TOKEN);

  it.each([
    ['the token', TOKEN],
    ['the app secret', appSecret],
    ['the proof', proof],
    ['the app secret in a URL', 'synthetic%2Bapp%2Fsecret%3D0123'],
    ['the app secret in a URL, in lower case', 'synthetic%2bapp%2fsecret%3d0123'],
    ['the app secret in JSON as Meta writes it', 'synthetic+app\\/secret=0123'],
  ])('is cut: %s', (_, text) => {
    const page = Buffer.from(`{"name":"é ${text}."}`);
    expect(withoutSecrets(page, secrets).toString()).toBe('{"name":"é ."}');
  });

  it('leaves other bytes alone, and words that are as short as a secret never is', () => {
    const page = Buffer.from('{"name":"é s3 🙂"}');
    expect(withoutSecrets(page, secrets)).toBe(page);
    expect(withoutSecrets(page, credentialsOf({ token: TOKEN, appSecret: 's3' }))).toBe(page);
  });
});
