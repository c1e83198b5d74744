import type { Account } from './account.ts';
import { cyclic, type Day, dayOf, textOf, weekdayOf } from './calendar.ts';
import type { Plan } from './plan.ts';
import { between, digits, mix, type Salt, saltOf, uniform } from './random.ts';
import type { WorldSource } from './world-source.ts';

/** One campaign of the synthetic world. What happened to it does not depend on the current day. */
export interface Campaign {
  readonly id: string;
  readonly account: Account;
  readonly plan: Plan;
  readonly name: string;
  readonly salt: Salt;
  readonly created: Day;
  /** First day of delivery. */
  readonly start: Day;
  /** Last day of delivery, inclusive; Infinity for an evergreen campaign. */
  readonly end: Day;
}

/** What the API says of an object's state. */
export type Status = 'ACTIVE' | 'PAUSED' | 'DELETED' | 'ARCHIVED';

/** The first day on which anything can have happened. */
export const WORLD_START: Day = dayOf('2019-06-01');

/** Campaigns that ended longer ago than this are not part of the world any more (37 months and some). */
const MEMORY_DAYS = 1180;
/** An ended campaign is put away by its owner this long after its last delivery. */
const ARCHIVED_AFTER_DAYS = 150;
const DELETED_AFTER_DAYS = 3;

/** Every campaign of an account that the API knows on `today`, in listing order. */
export function campaignsOn(
  source: WorldSource,
  account: Account,
  today: Day,
): readonly Campaign[] {
  return source.plans
    .filter((plan) => source.accounts[plan.account] === account)
    .flatMap((plan) => campaignsOf({ plan, account, seed: source.seed }, today))
    .filter((campaign) => campaign.created <= today && campaign.end >= today - MEMORY_DAYS);
}

/** True when the campaign's rhythm has it delivering on that day. */
export function delivers(campaign: Campaign, day: Day): boolean {
  if (day < campaign.start || day > campaign.end) return false;
  const { life } = campaign.plan;
  if (life.kind !== 'evergreen') return true;
  if (life.rhythm === 'weekdays') return weekdayOf(day) !== 0 && weekdayOf(day) !== 6;
  if (life.rhythm === 'twelve-silent') return cyclic(day + (campaign.salt % 60), 60) >= 12;
  if (life.rhythm === 'bursts') return cyclic(day + (campaign.salt % 30), 30) >= 9;
  return true;
}

/** The state of a campaign as the API shows it on `today`. */
export function statusOn(campaign: Campaign, today: Day): Status {
  const { life } = campaign.plan;
  if (life.kind !== 'generations' || today <= campaign.end) return 'ACTIVE';
  const since = today - campaign.end;
  if (life.ending === 'deleted' && since >= DELETED_AFTER_DAYS) return 'DELETED';
  if (since > ARCHIVED_AFTER_DAYS || life.ending === 'archived') return 'ARCHIVED';
  return life.ending === 'paused' ? 'PAUSED' : 'ACTIVE';
}

/** The last day on which the campaign's state changed, as seen on `today`. */
export function changedOn(campaign: Campaign, today: Day): Day {
  const status = statusOn(campaign, today);
  if (status === 'ACTIVE') return campaign.start;
  if (status === 'DELETED') return campaign.end + DELETED_AFTER_DAYS;
  const { life } = campaign.plan;
  const putAway = life.kind === 'generations' && life.ending === 'archived';
  if (status === 'ARCHIVED' && !putAway) return campaign.end + ARCHIVED_AFTER_DAYS + 1;
  return campaign.end + 1;
}

/** True when the campaign has a `stop_time`: it ends by schedule. */
export function isScheduled(campaign: Campaign): boolean {
  const { life } = campaign.plan;
  return life.kind === 'generations' && life.ending === 'stop-time';
}

interface Drawn {
  readonly plan: Plan;
  readonly account: Account;
  readonly seed: number;
}

function campaignsOf(drawn: Drawn, today: Day): readonly Campaign[] {
  const { life } = drawn.plan;
  if (life.kind === 'evergreen') return [evergreenOf(drawn)];
  if (life.kind === 'once') return [onceOf(drawn, life)];
  const first = Math.ceil((today - MEMORY_DAYS - 2 * life.every - life.phase) / life.every);
  const last = Math.floor((today + life.every - life.phase) / life.every);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) =>
    generationOf(drawn, first + index),
  ).filter((campaign) => campaign.start > WORLD_START);
}

function evergreenOf(drawn: Drawn): Campaign {
  const { plan, seed } = drawn;
  const salt = saltOf(`${seed}/campaign/${plan.key}`);
  const start = WORLD_START + between(uniform(salt, 1), 2, 200);
  return { ...identity(drawn, salt), name: plan.name, created: start - 2, start, end: Infinity };
}

function onceOf(
  drawn: Drawn,
  { start, end }: { readonly start: Day; readonly end: Day },
): Campaign {
  const { plan, seed } = drawn;
  const salt = saltOf(`${seed}/campaign/${plan.key}`);
  return { ...identity(drawn, salt), name: plan.name, created: start - 2, start, end };
}

function generationOf(drawn: Drawn, number: number): Campaign {
  const { plan, seed } = drawn;
  const { life } = plan;
  if (life.kind !== 'generations') throw new RangeError(`Expected generations of ${plan.key}.`);
  const salt = saltOf(`${seed}/campaign/${plan.key}/${number}`);
  const start = number * life.every + life.phase;
  const end = start + life.runs - 1 - between(uniform(salt, 1), 0, 3);
  const name = `${plan.name} ${textOf(start).slice(0, 7)}`;
  return {
    ...identity(drawn, salt),
    name,
    created: start - between(uniform(salt, 2), 1, 5),
    start,
    end,
  };
}

function identity(
  { plan, account }: Drawn,
  salt: Salt,
): Pick<Campaign, 'id' | 'account' | 'plan' | 'salt'> {
  return { id: `12021${digits(mix(salt, 7), 13)}`, account, plan, salt };
}
