import { feedAll, TARGETS } from '../fuzz/targets.ts';
import type { Area } from './area.ts';

/** Inputs that nobody should send. */
export const FUZZ_AREA: Area = {
  name: 'fuzz',
  about:
    'Feeds damaged pages, exports, settings, cache files, bodies, landing folders and SQL: no crash, no hang, no growth, no row lost.',
  share: 2,
  lane: 'here',
  prepare: async (seed) => ({
    possible: null,
    idAt: (n) => `${TARGETS[n % TARGETS.length]?.name}:${seed + Math.floor(n / TARGETS.length)}`,
    run: async (id) => {
      const [name, at] = id.split(':');
      const target = TARGETS.find((one) => one.name === name);
      if (target === undefined) throw new Error(`There is no target ${name}.`);
      const difference = await feedAll(target, Number(at));
      return { difference, counts: { inputs: target.batch, [`inputs: ${name}`]: target.batch } };
    },
  }),
};
