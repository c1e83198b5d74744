import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contractAt } from '../../src/contract.ts';
import { judgeFast } from '../../src/fast/page.ts';
import { shapeOf } from '../../src/fast/shape.ts';
import { rawOf, verdictsOf } from '../helpers/engines.ts';
import { hostilePage, INSIGHTS } from '../helpers/hostile-page.ts';

const seeds = fc.integer({ min: 0, max: 2 ** 31 - 1 });

describe('the fast reader of pages', () => {
  it('says of every record, good, wrong or hostile, what the plain reader says', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const page = hostilePage(seed);
        expect(verdictsOf(page, 'fast')).toEqual(verdictsOf(page, 'plain'));
      }),
      { numRuns: 1_000 },
    );
  });

  it('gives the same raw bytes, lineage, quarantine and counts over several answers', () => {
    fc.assert(
      fc.property(fc.array(seeds, { minLength: 1, maxLength: 5 }), (list) => {
        const all = list.map(hostilePage);
        const pages = all.filter(({ dataset }) => dataset === all[0]?.dataset);
        expect(rawOf(pages, 'fast')).toEqual(rawOf(pages, 'plain'));
      }),
      { numRuns: 300 },
    );
  });

  it('knows the contract of every insights dataset', () => {
    for (const { name } of INSIGHTS) {
      expect(shapeOf(contractAt(`raw/${name}.schema.json`).schema), name).not.toBeNull();
    }
  });

  it('leaves a contract with a rule it does not know to the plain reader', () => {
    const string = { type: 'string' };
    expect(shapeOf({ type: 'object', properties: { a: string } })).not.toBeNull();
    for (const rule of [
      { minLength: 2 },
      { pattern: '^x$' },
      { enum: ['a'] },
      { type: 'number' },
    ]) {
      expect(shapeOf({ type: 'object', properties: { a: { ...string, ...rule } } })).toBeNull();
    }
    expect(shapeOf({ type: 'object', properties: { a: string }, minProperties: 1 })).toBeNull();
  });

  it('reads most pages itself, so that the comparison compares something', () => {
    let read = 0;
    let rows = 0;
    for (let seed = 0; seed < 500; seed++) {
      const page = hostilePage(seed);
      const contract = contractAt(`raw/${page.dataset.name}.schema.json`);
      const judged = judgeFast({ dataset: page.dataset, contract }, page.batch, page);
      read += judged === null ? 0 : 1;
      rows += judged?.filter((one) => one.kind === 'accepted' && one.row.slice).length ?? 0;
    }
    expect(read).toBeGreaterThan(200);
    expect(rows).toBeGreaterThan(200);
  });
});
