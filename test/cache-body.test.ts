import { expect, it } from 'vitest';
import { openCache, sealCache } from '../src/cache-body.ts';

it('a file of the cache gives back what was kept, in its own format alone', () => {
  const kept = sealCache(3, { tasks: ['a'] });
  expect(openCache(kept, 3)).toEqual({ tasks: ['a'] });
  expect(openCache(kept, 4)).toBeNull();
  expect(openCache(null, 3)).toBeNull();
});

it('a file of the cache that was changed is as good as none, wherever the change is', () => {
  const kept = sealCache(3, { tasks: ['a'], more: 17 });
  for (let at = 0; at < kept.length; at++) {
    const changed = Buffer.from(kept);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(openCache(changed, 3), `byte ${at}`).toBeNull();
  }
  for (const cut of [0, 1, kept.length - 1]) expect(openCache(kept.subarray(0, cut), 3)).toBeNull();
});
