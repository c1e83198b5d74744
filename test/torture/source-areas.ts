import { isDeepStrictEqual } from 'node:util';
import { backTest } from '../helpers/back-test.ts';
import { killAt, type Moment, pullUndisturbed, type Way } from '../matrix/kill.ts';
import { manner, mixedRates, runTrial } from '../matrix/trial.ts';
import { type Area, type Cases, seeded, spread } from './area.ts';

/** Areas about a source that misbehaves. */
export const SOURCE_AREAS: readonly Area[] = [
  seeded(
    {
      name: 'extract',
      about:
        'Pulls under a mix of everything that the sandbox can do wrong: no row is lost without a word, wrong or there twice.',
      share: 1,
      lane: 'here',
    },
    async (seed) => {
      const outcome = await runTrial({ rates: mixedRates(seed), seed, ...manner(seed) });
      const { lost, wrong, twice, unhealed, calls, explained, errors } = outcome;
      const bad = Object.entries({ lost, wrong, twice, unhealed }).filter(([, list]) => list[0]);
      const difference = bad.map(([name, list]) => `${name}: ${list.length}, first ${list[0]}`);
      const counts = { calls, 'rows explained': explained, incomplete: errors.length > 0 ? 1 : 0 };
      return { difference: difference.join('; ') || null, counts };
    },
  ),
  {
    name: 'request',
    about:
      'Kills a pull at one of its requests, page by page or with reports, begins it again, and compares what landed.',
    share: 1,
    lane: 'processes',
    prepare: prepareRequests,
  },
  seeded(
    {
      name: 'maturity',
      about:
        'Holds the estimates of days that are not settled against what came of them: 80 % intervals hold 75 % to 85 %.',
      share: 1,
      lane: 'here',
    },
    async (seed) => {
      const { intervals, held } = await backTest([seed], DAYS);
      return { difference: null, counts: { worlds: 1, intervals, held } };
    },
    ({ worlds = 0, intervals = 0, held = 0 }) => {
      if (worlds < LEAST_WORLDS) return null;
      const share = held / intervals;
      const isMeant = share >= 0.75 && share <= 0.85;
      return isMeant ? null : `${(share * 100).toFixed(1)} % of the intervals hold the truth`;
    },
  ),
];

/** Each world is asked on as many days one after the other. */
const DAYS = 100;
/** One world alone may lie beside its intervals by chance. */
const LEAST_WORLDS = 5;

const WAYS: readonly Way[] = ['pages', 'reports'];
const MOMENTS: readonly Moment[] = ['before the answer', 'after the answer'];

async function prepareRequests(seed: number): Promise<Cases> {
  const calm = new Map(
    await Promise.all(WAYS.map(async (way) => [way, await pullUndisturbed(way)] as const)),
  );
  const ids = WAYS.flatMap((way) => {
    const places = Array.from({ length: calm.get(way)?.requestsBefore ?? 0 }, (_, at) => at + 1);
    return places.flatMap((place) => MOMENTS.map((_, moment) => `${way}:${place}:${moment}`));
  });
  return {
    possible: ids.length,
    idAt: (n) => ids[spread(n, ids.length, seed)] ?? '',
    run: async (id) => {
      const [name, place, at] = id.split(':');
      const way = WAYS.find((one) => one === name) ?? 'pages';
      const moment = MOMENTS[Number(at)] ?? 'before the answer';
      const { rows, orderedAgain, exitCode } = await killAt(Number(place), { way, moment });
      const wrong = [
        isDeepStrictEqual(rows, calm.get(way)?.rows) ? '' : 'the rows differ',
        orderedAgain.length === 0 ? '' : `${orderedAgain.length} reports were ordered again`,
        exitCode === 0 ? '' : `the next pull ended with ${exitCode}`,
      ].filter((text) => text !== '');
      return { difference: wrong.join('; ') || null, counts: { kills: 1 } };
    },
  };
}
