import { describe, expect, it } from 'vitest';
import { cutTokens } from '../src/token.ts';

describe('cutTokens', () => {
  it('cuts the token out of paging URLs and leaves the rest to the letter', () => {
    const page =
      '{"data":[{"name":"access_tok"}],"paging":{"next":"https://x.test/v26.0/act_1/ads?access_token=EAAsecret123&limit=25&after=abc"}}';
    expect(cutTokens(page)).toBe(
      '{"data":[{"name":"access_tok"}],"paging":{"next":"https://x.test/v26.0/act_1/ads?limit=25&after=abc"}}',
    );
  });

  it.each([
    [
      '"https:\\/\\/x.test\\/ads?limit=1\\u0026access_token=EAAsecret"',
      '"https:\\/\\/x.test\\/ads?limit=1\\u0026"',
    ],
    ['"https://x.test/ads?access_token=EAAsecret\\u0026limit=1"', '"https://x.test/ads?limit=1"'],
    ['{"access_token": "EAAsecret"}', '{"access_token": ""}'],
  ])('cuts %s', (text, expected) => {
    expect(cutTokens(text)).toBe(expected);
  });

  it('cuts a known secret wherever it stands', () => {
    expect(cutTokens('the token is EAAsecret.', ['EAAsecret', ''])).toBe('the token is .');
  });
});
