import { ACCOUNTS, type Account, accountAt } from './account.ts';
import { type Day, dayOf } from './calendar.ts';
import type { Plan, Purpose } from './plan.ts';
import { between, digits, saltOf, uniform } from './random.ts';

/** How large a world is to be: for measuring, where the usual one is too small. */
export interface WorldSize {
  /** 1 or more; the first three are the usual ones, all others are like them. */
  readonly accounts: number;
  /** Over all accounts, in equal parts. */
  readonly campaigns: number;
  /** Share of campaigns that have fallen silent by `on`, 0 to 1: 10 to 80 days before it. */
  readonly inactive: number;
  /** The day, `YYYY-MM-DD`, that `inactive` is about. */
  readonly on: string;
}

/** More would make a sandbox that is too slow to be of use. */
const MAX_ACCOUNTS = 100;
const MAX_CAMPAIGNS = 20_000;
const PURPOSES: readonly Purpose[] = ['sales', 'shop', 'leads', 'traffic', 'engagement'];
/** An active campaign of such a world goes on for ever. */
const FOREVER: Day = Number.POSITIVE_INFINITY;
/** Days from the first delivery of a campaign to the day that the size is about. */
const AGE_DAYS = { youngest: 120, oldest: 400 } as const;
const SILENT_DAYS = { shortest: 10, longest: 80 } as const;

/** The accounts of a world of that size. Throws a `RangeError` for a size that cannot be. */
export function accountsOf(size: WorldSize): readonly Account[] {
  check(size);
  return Array.from({ length: size.accounts }, (_, place) => accountLike(place));
}

/** The plans of a world of that size: each is one campaign. */
export function plansOf(size: WorldSize, seed: number): readonly Plan[] {
  const on = dayOf(size.on);
  return Array.from({ length: size.campaigns }, (_, place) =>
    planAt(place, { size, on, salt: saltOf(`${seed}/crowd/${place}`) }),
  );
}

function accountLike(place: number): Account {
  const like = accountAt(place % ACCOUNTS.length);
  if (place < ACCOUNTS.length) return like;
  const idOf = (kind: string) => `9${digits(saltOf(`crowd/${kind}/${place}`), 15)}`;
  return {
    ...like,
    id: idOf('account'),
    name: `Synthetic account ${place + 1} (${like.currency})`,
    pixelId: idOf('pixel'),
    customConversionId: idOf('conversion'),
  };
}

function planAt(
  place: number,
  by: { readonly size: WorldSize; readonly on: Day; readonly salt: number },
): Plan {
  const { size, on, salt } = by;
  const isSilent = Math.floor((place + 1) * size.inactive) > Math.floor(place * size.inactive);
  const silence = between(uniform(salt, 1), SILENT_DAYS.shortest, SILENT_DAYS.longest);
  return {
    key: `crowd-${place}`,
    account: Math.floor((place * size.accounts) / size.campaigns),
    name: `Synthetic campaign ${place + 1}`,
    purpose: PURPOSES[place % PURPOSES.length] ?? 'sales',
    impressions: between(uniform(salt, 2), 200, 2500),
    life: {
      kind: 'once',
      start: on - between(uniform(salt, 3), AGE_DAYS.youngest, AGE_DAYS.oldest),
      end: isSilent ? on - silence : FOREVER,
    },
    budgetAt: 'campaign',
    attribution: '7d_click_1d_view',
  };
}

function check(size: WorldSize): void {
  const isWhole = (count: number, most: number) =>
    Number.isInteger(count) && count >= 1 && count <= most;
  if (isWhole(size.accounts, MAX_ACCOUNTS) && isWhole(size.campaigns, MAX_CAMPAIGNS)) {
    if (size.inactive >= 0 && size.inactive <= 1) return;
  }
  throw new RangeError(
    `Expected 1 to ${MAX_ACCOUNTS} accounts, 1 to ${MAX_CAMPAIGNS} campaigns and an inactive share from 0 to 1, found ${JSON.stringify(size)}.`,
  );
}
