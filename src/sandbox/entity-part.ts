import type { Account } from './account.ts';
import { type Day, stampOf, unixOf } from './calendar.ts';
import { type Campaign, isScheduled } from './campaign.ts';
import { between, type Salt, uniform } from './random.ts';
import type { AdSet } from './tree.ts';

/** The value of one field, or of all: keys are field names, values are made only when asked for. */
export type Fields = Readonly<Record<string, () => unknown>>;

/**
 * The budget of a campaign or an ad set in minor units, and what is left of it: by the day, or for
 * the whole run when it ends by schedule. The one that is not used is `0`.
 */
export function budgetFields(
  salt: Salt,
  campaign: Campaign,
): Readonly<Record<string, () => unknown>> {
  const daily = roundMoney(2000 + 500 * between(uniform(salt, 71), 0, 30), campaign.account);
  const scheduled = isScheduled(campaign);
  const budget = scheduled ? daily * (campaign.end - campaign.start + 1) : daily;
  return {
    daily_budget: () => (scheduled ? '0' : String(budget)),
    lifetime_budget: () => (scheduled ? String(budget) : '0'),
    budget_remaining: () => String(Math.floor(budget * uniform(salt, 72))),
  };
}

/** About so many US cents as minor units of the account; a round sum in yen too. */
export function roundMoney(cents: number, account: Account): number {
  return Math.max(1, Math.round((cents * account.priceScale) / 100)) * 100;
}

/** The attribution setting of an ad set in the form the API gives it. */
export function attributionSpec(adSet: AdSet): readonly object[] {
  if (adSet.attribution === '1d_click') {
    return [{ event_type: 'CLICK_THROUGH', window_days: 1 }];
  }
  return [
    { event_type: 'CLICK_THROUGH', window_days: 7 },
    { event_type: 'VIEW_THROUGH', window_days: 1 },
  ];
}

/** An instant of the morning of a day, chosen by the salt, on the account's clock. */
export function stampAt(day: Day, salt: Salt, account: Account): string {
  const second = between(uniform(salt, 73), 0, 43_000);
  return stampOf(unixOf({ day, second, zone: account.zone }), account.zone);
}

/** Unix seconds of noon of a day: the sandbox's current time, whatever the clock says. */
export function noon(day: Day, account: Account): number {
  return unixOf({ day, second: 43_200, zone: account.zone });
}
