import { copyCheckout } from '../defences/checkout.ts';
import type { Defence } from '../defences/defence.ts';
import { type Ended, runGuards } from '../defences/guards.ts';
import { DEFENCES } from '../defences/list.ts';
import { type Area, type CaseOutcome, type Cases, spread } from './area.ts';

/** What each defence is good for: whether it is missed when it is gone. */
export const DEFENCE_AREA: Area = {
  name: 'defences',
  about:
    'Takes a defence out of a copy of the project (files synced, locks kept, tokens cut, scopes kept, …): the test that guards it passes before and fails after.',
  share: 3,
  lane: 'processes',
  prepare: prepareDefences,
};

async function prepareDefences(seed: number): Promise<Cases> {
  const checkout = copyCheckout();
  const before = await runGuards(
    checkout.folder,
    DEFENCES.map(({ guard }) => guard),
  );
  return {
    possible: DEFENCES.length,
    idAt: (n) => slugOf(DEFENCES[spread(n, DEFENCES.length, seed)]?.name ?? ''),
    run: async (id) => {
      const at = DEFENCES.findIndex(({ name }) => slugOf(name) === id);
      const one = DEFENCES[at];
      if (one === undefined) throw new Error(`There is no defence ${id}.`);
      const [after] = await checkout.without([one], () =>
        runGuards(checkout.folder, [one.guard], one.hangs === true),
      );
      return judged(one, { before: before[at], after });
    },
    close: () => checkout.remove(),
  };
}

function judged(
  { name, guard }: Defence,
  ended: { readonly before: Ended | undefined; readonly after: Ended | undefined },
): CaseOutcome {
  const told = `“${guard.test}” of ${guard.file}`;
  if (ended.before?.kind !== 'green') {
    return { difference: `${told} does not pass as it is: ${textOf(ended.before)}`, counts: {} };
  }
  if (ended.after?.kind !== 'red') {
    const what = `${name}, and ${told} does not notice: ${textOf(ended.after)}`;
    return { difference: what, counts: {} };
  }
  const line = `${name}: seen to fail by ${told}`;
  return { difference: null, counts: { 'seen to fail': 1 }, told: line };
}

function textOf(ended: Ended | undefined): string {
  if (ended === undefined) return 'it did not run';
  return ended.kind === 'green' ? 'it passes' : `${ended.kind}, ${ended.why}`;
}

function slugOf(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
}
