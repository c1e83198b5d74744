import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contractAt } from '../../src/contract.ts';
import { shapeOf } from '../../src/fast/shape.ts';
import { rawFrom, rawOf, rowsReadFast, verdictsOf } from '../helpers/engines.ts';
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
        const quick = rawOf(pages, 'fast');
        if (quick !== null) expect(quick).toEqual(rawOf(pages, 'plain'));
      }),
      { numRuns: 300 },
    );
  });

  it('goes on where earlier answers have been folded, as if it had folded them', () => {
    fc.assert(
      fc.property(fc.array(seeds, { minLength: 2, maxLength: 4 }), (list) => {
        const all = list.map((seed) => hostilePage(seed));
        const pages = all.map((page) => ({ ...page, dataset: all[0]?.dataset ?? page.dataset }));
        const quick = rawFrom(pages, 1);
        if (quick !== null) expect(quick).toEqual(rawOf(pages, 'plain'));
      }),
      { numRuns: 100 },
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
    const pages = Array.from({ length: 500 }, (_, seed) => hostilePage(seed));
    const read = pages.map(rowsReadFast);
    expect(read.filter((rows) => rows > 0).length).toBeGreaterThan(200);
    expect(pages.filter((page) => rawOf([page], 'fast') !== null).length).toBeGreaterThan(300);
  });
});
