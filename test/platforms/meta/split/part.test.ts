import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { campaignInScope } from '../../../../src/landing/batch.ts';
import {
  halve,
  halveScope,
  type IdScope,
  type KnownObjects,
  type Part,
} from '../../../../src/platforms/meta/split/part.ts';

const ids = fc.uniqueArray(fc.integer({ min: 1, max: 30 }).map(String), { maxLength: 12 });
const scopes: fc.Arbitrary<IdScope> = fc.oneof(
  fc.constant({ kind: 'all' } as const),
  ids.map((list) => ({ kind: 'in', ids: list }) as const),
  ids.map((list) => ({ kind: 'not_in', ids: list }) as const),
);

describe('two halves of a scope', () => {
  it('hold every object of it once, also those that nobody knows', () => {
    fc.assert(
      fc.property(scopes, ids, (scope, known) => {
        const halves = halveScope(scope, known);
        if (halves === null) return;
        for (let id = 0; id <= 31; id++) {
          const times = halves.filter((half) => campaignInScope(half, String(id))).length;
          expect(times).toBe(campaignInScope(scope, String(id)) ? 1 : 0);
        }
      }),
    );
  });

  it('of one named object, or of none that is known, are not to be had', () => {
    expect(halveScope({ kind: 'in', ids: ['1'] }, ['1', '2'])).toBeNull();
    expect(halveScope({ kind: 'not_in', ids: ['1'] }, ['1'])).toBeNull();
    expect(halveScope({ kind: 'all' }, [])).toBeNull();
  });

  it('come to an end: so often is nothing halved', () => {
    const known = Array.from({ length: 100 }, (_, at) => String(at));
    const open: IdScope[] = [{ kind: 'all' }];
    let count = 0;
    for (let scope = open.pop(); scope !== undefined; scope = open.pop()) {
      count++;
      open.push(...(halveScope(scope, known) ?? []));
    }
    expect(count).toBe(2 * 101 - 1);
  });
});

describe('a part', () => {
  const KNOWN: KnownObjects = {
    campaigns: ['1', '2'],
    adSetsOf: () => ['11', '12'],
    adsOf: () => ['111', '112'],
  };
  const one = (id: string): IdScope => ({ kind: 'in', ids: [id] });
  const whole: Part = {
    campaigns: { kind: 'all' },
    adSets: { kind: 'all' },
    ads: { kind: 'all' },
    fields: null,
  };

  it('is halved by campaigns, then by ad sets, then by ads', () => {
    const changed = (part: Part) => {
      const [half] = halve(part, 'ad', KNOWN) ?? [];
      const names = ['campaigns', 'adSets', 'ads'] as const;
      return names.filter((name) => half !== undefined && half[name] !== part[name]);
    };
    expect(changed(whole)).toEqual(['campaigns']);
    expect(changed({ ...whole, campaigns: one('1') })).toEqual(['adSets']);
    expect(changed({ ...whole, campaigns: one('1'), adSets: one('11') })).toEqual(['ads']);
    const ad = { ...whole, campaigns: one('1'), adSets: one('11'), ads: one('111') };
    expect(changed(ad)).toEqual([]);
  });

  it('is not halved by what lies below the level of its rows, or the rows would be parts', () => {
    expect(halve(whole, 'account', KNOWN)).toBeNull();
    expect(halve({ ...whole, campaigns: one('1') }, 'campaign', KNOWN)).toBeNull();
    const adSet = { ...whole, campaigns: one('1'), adSets: one('11') };
    expect(halve(adSet, 'adset', KNOWN)).toBeNull();
  });
});
