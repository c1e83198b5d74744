import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { CHECKOUT } from '../src/checkout.ts';
import { contractAt } from '../src/contract.ts';
import { type SchemaPart, withSharedParts } from '../src/shared-parts.ts';

const RAW = join(CHECKOUT, 'schemas', 'raw');

const ENTRY = { action_type: 'purchase', value: '1' };
const ODD = [
  null,
  1,
  '',
  '12,30',
  [],
  {},
  [null],
  [1],
  [ENTRY],
  [ENTRY, { action_type: 1, value: '1,5' }],
  [{ value: '1' }],
  [{ ...ENTRY, '7d_click': 'x', '1d_view': 2, more: true }],
  { data: [ENTRY] },
  { action_type: 'x' },
];

/** Of a schema, as it was before parts of it were shared. */
function plain(schema: SchemaPart): (record: unknown) => readonly string[] {
  const { $id, $schema, ...rest } = schema;
  const ajv = new Ajv2020({ allErrors: true, $data: true, allowUnionTypes: true });
  formats.default(ajv);
  ajv.addVocabulary(['x-sql', 'x-note', 'x-personal']);
  const judge = ajv.compile(rest);
  const placeOf = ({ instancePath, params }: ErrorObject): string =>
    [instancePath, params.missingProperty ?? params.additionalProperty ?? []].flat().join('/');
  return (record) => (judge(record) ? [] : (judge.errors ?? []).map(placeOf).sort());
}

describe('a schema whose equal parts are said once', () => {
  it('judges every odd record as it did, at the same places', { timeout: 60_000 }, () => {
    const names = readdirSync(RAW).filter((name) => name.startsWith('insights_ad_day'));
    for (const name of [...names, 'ads.schema.json', 'activities.schema.json']) {
      const schema = JSON.parse(readFileSync(join(RAW, name), 'utf8')) as SchemaPart;
      const judge = plain(schema);
      const contract = contractAt(`raw/${name}`);
      for (const property of Object.keys(contract.properties)) {
        for (const value of ODD) {
          const record = { [property]: value };
          const places = contract.check(record).map(({ pointer }) => pointer);
          expect([name, record, places.sort()]).toEqual([name, record, judge(record)]);
        }
      }
    }
  });

  it('is said once: lists of one shape refer to it, and what looks elsewhere stays', () => {
    const entry = { type: 'object', properties: { value: { type: 'string' } } };
    const other = { type: 'object', properties: { value: { const: { $data: '2/day' } } } };
    const lists = { a: { type: 'array', items: entry }, b: { type: 'array', items: entry } };
    const shared = withSharedParts({ properties: { ...lists, c: other, d: other } });
    expect(shared).toEqual({
      properties: {
        a: { type: 'array', items: { $ref: '#/$defs/part_1' } },
        b: { type: 'array', items: { $ref: '#/$defs/part_1' } },
        c: other,
        d: other,
      },
      $defs: { part_1: entry },
    });
  });

  it('stays as it is where nothing stands twice', () => {
    const schema = { type: 'object', properties: { a: { type: 'string' } } };
    expect(withSharedParts(schema)).toBe(schema);
  });
});
