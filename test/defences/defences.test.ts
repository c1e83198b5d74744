import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Checkout, copyCheckout, edited, sourceOf } from './checkout.ts';
import type { Defence } from './defence.ts';
import { runGuards } from './guards.ts';
import { DEFENCES } from './list.ts';

const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url));

describe('every defence of the list', () => {
  it.each(DEFENCES.map((one) => [one.name, one] as const))(
    'stands where the list says, and has a guard: %s',
    (_, { edits, guard }) => {
      for (const edit of edits) expect(edited(sourceOf(edit.file), edit)).not.toBe('');
      expect(existsSync(join(CHECKOUT, guard.file)), guard.file).toBe(true);
    },
  );

  it('has a name of its own', () => {
    expect(new Set(DEFENCES.map(({ name }) => name)).size).toBe(DEFENCES.length);
  });
});

/**
 * All at once, each noticed by a test of its own; `npm run torture -- --only defences` takes out every
 * one of the list alone.
 */
describe('a defence that is taken out is noticed', () => {
  const some = DEFENCES.filter(({ isQuick }) => isQuick === true);
  let checkout: Checkout;
  let seen: ReadonlyMap<Defence, string>;

  beforeAll(async () => {
    checkout = copyCheckout();
    const ended = await checkout.without(some, () =>
      runGuards(
        checkout.folder,
        some.map(({ guard }) => guard),
      ),
    );
    seen = new Map(some.map((one, at) => [one, ended[at]?.kind ?? 'none']));
  }, 300_000);

  afterAll(() => checkout.remove());

  it.each(some.map((one) => [one.name, one] as const))('%s', (_, one) => {
    expect(seen.get(one)).toBe('red');
  });
});
