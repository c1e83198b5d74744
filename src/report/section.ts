import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT } from '../checkout.ts';

/** A part of the report that is the answer to one query, `src/sql/report/<name>.sql`. */
export interface Section {
  /** What people read above it. */
  readonly title: string;
  /** What a row of it is, in a sentence. */
  readonly about: string;
  /** `account`: asked for each ad account; `lake`: asked once, for all of them. */
  readonly of: 'account' | 'lake';
}

/** Every part of the report, in its order. The names are those of the queries and of `--csv`. */
export const SECTIONS = {
  alerts: {
    title: 'Alerts',
    about: 'One row per alert that is open, or whose cause held in the span.',
    of: 'account',
  },
  anomalies: {
    title: 'Out of the usual',
    about: 'One row per figure and day that was out of the usual, with its story.',
    of: 'account',
  },
  recommendations: {
    title: 'What to do next',
    about: 'One row per campaign that spent: the advice, and the figures that it rests on.',
    of: 'account',
  },
  days: {
    title: 'Spend and ROAS, day by day',
    about: 'One row per day: what is known, and what a day that still changes will come to.',
    of: 'account',
  },
  campaigns: {
    title: 'Campaigns',
    about: 'One row per campaign: the span, and the span before it.',
    of: 'account',
  },
  campaign_days: {
    title: 'Campaigns, day by day',
    about: 'One row per campaign and day.',
    of: 'account',
  },
  own_past: {
    title: 'Campaigns against their own past',
    about:
      'One row per campaign that was live: its last 28 days, the 28 before them, and its best ever.',
    of: 'account',
  },
  benchmarks: {
    title: 'Against your industry',
    about:
      'One row per benchmark that you brought in: the account’s own figure of its last 28 days beside it.',
    of: 'account',
  },
  audiences: {
    title: 'Audiences and placements',
    about: 'One row per dimension (age and gender, placement and so on) and value, of one month.',
    of: 'account',
  },
  creatives: {
    title: 'Creatives, and how tired people are of them',
    about: 'One row per creative that spent: what it returned, and its fatigue.',
    of: 'account',
  },
  content: {
    title: 'What creatives say and show',
    about:
      'One row per creative that spent and was read with `adlake enrich`: what it says, and what it did.',
    of: 'account',
  },
  ads: {
    title: 'Ads',
    about: 'One row per ad with spend, its clicks by the halves of the span.',
    of: 'account',
  },
  pacing: {
    title: 'Budgets and pace',
    about: 'One row per budget that runs: spend against it, and where it ends at this pace.',
    of: 'account',
  },
  allocation: {
    title: 'Where the next money returns most',
    about: 'One row per campaign: what it spends a day, and a split that would return more.',
    of: 'account',
  },
  forecast: {
    title: 'The next days',
    about: 'One row per metric and day ahead: what it will come to, and all days up to it.',
    of: 'account',
  },
  predictions: {
    title: 'Were predictions right?',
    about:
      'One row per source of predictions and metric: how far off they were on days of the span.',
    of: 'account',
  },
  attribution: {
    title: 'Attribution windows, side by side',
    about: 'One row: purchases and their value by attribution window. The windows overlap.',
    of: 'account',
  },
  funnel: {
    title: 'From a click to a purchase',
    about: 'One row: how many took each step.',
    of: 'account',
  },
  lake_alerts: {
    title: 'Alerts about the data',
    about: 'One row per alert about the lake: late data, a token that expires, and the like.',
    of: 'lake',
  },
  channels: {
    title: 'All channels against what was sold',
    about: 'One row per day and ad platform, in US dollars, with the sales of the day.',
    of: 'lake',
  },
  credit: {
    title: 'Who earns the orders',
    about: 'One row per model, currency and channel: what of all orders it is credited with.',
    of: 'lake',
  },
  journeys: {
    title: 'Paths to an order',
    about: 'One row per path of channels that led to an order.',
    of: 'lake',
  },
  checks: {
    title: 'Checks of the tables',
    about: 'One row per table and check: rows it looked at, rows that fail.',
    of: 'lake',
  },
  scores: {
    title: 'How good the tables are',
    about: 'One row per table: its score, 0 to 100, and that of each dimension of quality.',
    of: 'lake',
  },
  agreement: {
    title: 'Does it add up?',
    about: 'One row per level and metric: on how many days it agrees with the account itself.',
    of: 'account',
  },
} as const satisfies Readonly<Record<string, Section>>;

/** Name of a part of the report. */
export type SectionName = keyof typeof SECTIONS;

/** The parts that are asked for each account. */
export type AccountSection = {
  readonly [Name in SectionName]: (typeof SECTIONS)[Name]['of'] extends 'account' ? Name : never;
}[SectionName];

/** The parts that are asked once. */
export type LakeSection = Exclude<SectionName, AccountSection>;

/** Every name, in the order of the report. */
export const SECTION_NAMES = Object.keys(SECTIONS) as readonly SectionName[];

/** The text of a section's query, for those who want to ask it themselves. */
export function sectionSql(name: SectionName): string {
  return readFileSync(join(CHECKOUT, 'src', 'sql', 'report', `${name}.sql`), 'utf8');
}

/** True for a section that is asked for each account. */
export function isOfAccount(name: SectionName): name is AccountSection {
  return SECTIONS[name].of === 'account';
}
