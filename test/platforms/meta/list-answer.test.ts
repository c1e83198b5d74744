import { describe, expect, it } from 'vitest';
import { readList } from '../../../src/platforms/meta/list-answer.ts';
import { asList, asObject, parsedOr } from '../../../src/pull/loose-json.ts';
import { seeded } from '../../helpers/random.ts';

const ROW = {
  ad_id: '120230000000000001',
  campaign_id: '7',
  spend: '1.20',
  name: 'a "b", {c} [d] 🙂',
};

function listOf(text: string): unknown {
  return readList(Buffer.from(text));
}

describe('a page of a list', () => {
  it('is read with the ids of its rows, and with all else that it says', () => {
    const paging = { cursors: { before: 'x', after: 'y' }, next: 'http://x/?after=y' };
    const answer = { data: [ROW, { id: 1 }, {}], paging, summary: { n: 1.5 } };
    for (const space of [0, 2]) {
      expect(listOf(`\n${JSON.stringify(answer, null, space)}\r\n`)).toEqual({
        data: [{ ad_id: ROW.ad_id, campaign_id: '7' }, {}, {}],
        paging,
        summary: { n: 1.5 },
      });
    }
    expect(listOf('{ "paging" : {} , "data" : [ ] }')).toEqual({ data: [], paging: {} });
  });

  it('is read whole where it is written in a way that no list is', () => {
    expect(listOf('{"d\\u0061ta":[{"spend":"1"}]}')).toEqual({ data: [{ spend: '1' }] });
    expect(listOf('{"data":[{"ad_id":"1"}],"data":[]}')).toEqual({ data: [] });
    expect(listOf('{"data":[{"ad\\u005fid":"1"},{"ad_id":"1","ad_id":2},[1],3]}')).toEqual({
      data: [{ ad_id: '1' }, { ad_id: 2 }, {}, {}],
    });
  });

  it.each([
    ['an object', '{"id":"1","name":"x"}'],
    ['an error', '{"data":[],"error":{"code":1}}'],
    ['an error that says nothing', '{"error":null,"data":[]}'],
    ['a list of answers', '[{"code":200}]'],
    ['an object whose data is no list', '{"data":{"is_valid":true}}'],
    ['nothing', ''],
    ['an HTML page', '<html></html>'],
    ['a comma too many', '{"data":[],}'],
    ['a comma too many in the rows', '{"data":[{},]}'],
    ['rows that are closed by a brace', '{"data":[{}}}'],
    ['a row that is no JSON', '{"data":[{"a":tru}]}'],
    ['something behind the end', '{"data":[]}{}'],
    ['a byte order mark', '\ufeff{"data":[]}'],
  ])('is not what this is: %s', (_, text) => {
    expect(listOf(text)).toBeNull();
  });
});

it('no page that was cut short is taken for whole, wherever it was cut', () => {
  const whole = Buffer.from(
    JSON.stringify({ data: [ROW, ROW], paging: { next: 'http://x/?a=\\' } }),
  );
  for (let end = 0; end < whole.length; end++) expect(readList(whole.subarray(0, end))).toBeNull();
  expect(readList(whole)).not.toBeNull();
});

it('what JSON.parse refuses is never taken for a page, whatever byte is wrong', () => {
  const draw = seeded(5);
  const whole = Buffer.from(JSON.stringify({ data: [ROW, { n: [1, -2e5, null] }], paging: {} }));
  const wrong: string[] = [];
  let taken = 0;
  for (let round = 0; round < 20_000; round++) {
    const page = Buffer.from(whole);
    for (let times = 0; times <= round % 3; times++) {
      page[Math.floor(draw() * page.length)] = SIGNS[Math.floor(draw() * SIGNS.length)] ?? 0;
    }
    const found = readList(page);
    if (found === null) continue;
    taken++;
    if (bare(found) !== bare(parsedOr(page.toString()))) wrong.push(page.toString());
  }
  expect(wrong).toEqual([]);
  expect(taken).toBeGreaterThan(1_000);
});

/** What a page says beside its rows, and how many these are. */
function bare(page: unknown): string {
  const { data, ...rest } = asObject(page);
  return JSON.stringify([rest, asList(data).length]);
}

const SIGNS = Buffer.from('{}[]",:\\ \t\n\v\xa0a1-.eE\x00\x1f\xff', 'latin1');
