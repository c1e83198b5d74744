import type { JsonRow } from '../duckdb/duckdb.ts';
import { type Driver, roasOf, type Totals } from './change.ts';
import { change, figure, money, percent, ratio } from './number.ts';

/** What the sentences are made from. */
export interface Story {
  readonly before: Totals;
  readonly now: Totals;
  /** Why ROAS moved, the largest reason first; none when that cannot be told. */
  readonly drivers: readonly Driver[];
  /** Campaigns with figures of both spans. */
  readonly campaigns: readonly JsonRow[];
  readonly currency: string;
  /** Days of the span that have figures, and how many of them still change. */
  readonly days: number;
  readonly provisionalDays: number;
  /** What ROAS of the span will come to; null when that cannot be told, or nothing changes any more. */
  readonly matured: number | null;
}

/** What changed and why, in a few sentences; one says that there is nothing to compare when that is so. */
export function whatChanged(story: Story): readonly string[] {
  const { before, now } = story;
  if (before.spend === null || before.spend === 0) {
    return ['There was no spend in the span before, so there is nothing to compare with.'];
  }
  const sentences = [
    spendSentence(story, before.spend),
    roasSentence(story),
    ...(story.provisionalDays === 0 ? [] : [provisionalSentence(story)]),
    ...driverSentences(story),
  ];
  const mover = now.purchase_value === null ? null : moverSentence(story);
  return [...sentences, ...(mover === null ? [] : [mover])];
}

function spendSentence({ now, currency }: Story, before: number): string {
  if (now.spend === null) return 'Spend is not known for every day, so it is not compared.';
  return `Spend went ${upOrDown(now.spend, before)} from ${money(before, currency)} to ${money(now.spend, currency)} (${change(now.spend, before)}).`;
}

function roasSentence({ before, now }: Story): string {
  const [then, today] = [roasOf(before), roasOf(now)];
  if (then === null || today === null)
    return 'ROAS cannot be compared: value or spend is not known on some days.';
  return `ROAS went ${upOrDown(today, then)} from ${ratio(then)} to ${ratio(today)} (${change(today, then)}).`;
}

/** Young days lack late purchases, and the span before has them: the two are not alike. */
function provisionalSentence({ days, provisionalDays, matured, before }: Story): string {
  const open = `${provisionalDays} of the ${days} days are provisional: late purchases are still to come, and the span before has its own already. So purchases, value and ROAS look lower than they will be.`;
  const then = roasOf(before);
  if (matured === null) return open;
  const against = then === null ? '' : ` (${change(matured, then)} against the span before)`;
  return `${open} By how such days grew in the past, ROAS will be about ${ratio(matured)}${against}.`;
}

/** A reason is told when it makes at least this much of ln ROAS: about 2 %. */
const WORTH_TELLING = 0.02;
const MOST_REASONS = 2;

function driverSentences({ drivers, currency }: Story): readonly string[] {
  return drivers
    .filter(({ effect }) => Math.abs(effect) >= WORTH_TELLING)
    .slice(0, MOST_REASONS)
    .map((driver, at) => {
      const lead = at === 0 ? 'The main reason' : 'Then';
      const moved = `(ROAS ${change(Math.exp(driver.effect), 1)} by itself)`;
      return `${lead}: ${reasonOf(driver, currency)} ${moved}.`;
    });
}

function reasonOf({ name, before, now }: Driver, currency: string): string {
  const moved = `${upOrDown(now, before)} from`;
  switch (name) {
    case 'price':
      return `the price of 1,000 impressions went ${moved} ${money(before * 1000, currency)} to ${money(now * 1000, currency)}`;
    case 'interest':
      return `the share of impressions that are clicked (CTR) went ${moved} ${percent(before)} to ${percent(now)}`;
    case 'conversion':
      return `the share of clicks that end in a purchase went ${moved} ${percent(before)} to ${percent(now)}`;
    case 'basket':
      return `the value of a purchase went ${moved} ${money(before, currency)} to ${money(now, currency)}`;
  }
}

/** The campaign whose value moved most, if it moved by a tenth of the account's value or more. */
function moverSentence({ campaigns, before, now, currency }: Story): string | null {
  const moves = campaigns
    .map((row) => {
      const [then, today] = [figure(row.purchase_value_before), figure(row.purchase_value)];
      return then === null || today === null ? null : { row, then, today, by: today - then };
    })
    .filter((move) => move !== null)
    .sort((left, right) => Math.abs(right.by) - Math.abs(left.by));
  const [most] = moves;
  const whole = Math.max(before.purchase_value ?? 0, now.purchase_value ?? 0);
  if (most === undefined || Math.abs(most.by) < whole / 10) return null;
  return `The campaign that moved most is “${String(most.row.campaign_name)}”: its purchases were worth ${money(most.then, currency)} and are now worth ${money(most.today, currency)}.`;
}

function upOrDown(now: number, before: number): string {
  return now >= before ? 'up' : 'down';
}
