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
  audiences: {
    title: 'Audiences and placements',
    about: 'One row per dimension (age and gender, placement and so on) and value, of one month.',
    of: 'account',
  },
  ads: {
    title: 'Ads',
    about: 'One row per ad with spend, its clicks by the halves of the span.',
    of: 'account',
  },
  attribution: {
    title: 'Attribution, side by side',
    about: 'One row: purchases and their value by attribution window. The windows overlap.',
    of: 'account',
  },
  funnel: {
    title: 'From a click to a purchase',
    about: 'One row: how many took each step.',
    of: 'account',
  },
  channels: {
    title: 'All channels against what was sold',
    about: 'One row per day and ad platform, in US dollars, with the sales of the day.',
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
