import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import type { Batch, PageEntry } from '../../src/landing/batch.ts';
import { addDays, chunks, daysBetween, daysOf, type Window } from '../../src/window.ts';
import { ADS_PER_CAMPAIGN, BAD_AD, FAULTS, insightText, type Random, seeded } from './record.ts';

/** What to make: `rows` ad-days over `days` days, the same for the same seed. */
export interface Size {
  readonly rows: number;
  readonly days: number;
  readonly seed: number;
  /** Share of records that break their contract; 0.001 when absent. */
  readonly bad?: number;
}

/** A landing zone that was made, and what is in it. */
export interface Made {
  /** Folder that takes the place of `zones/landing`. */
  readonly landing: string;
  readonly adDays: number;
  readonly campaignDays: number;
  /** Records that break their contract, all of them ad-days. */
  readonly bad: number;
  /** Bytes of all pages. */
  readonly bytes: number;
}

/** Where benchmarks keep what they make; may be deleted at any time. */
export const BENCH_FOLDER = join(tmpdir(), 'adlake-bench');

/** First day of every lake. */
const FIRST_DAY = '2025-01-01';

/** Raise it when the same size would give other bytes. */
const VERSION = 1;

interface Account {
  /** Digits. */
  readonly id: string;
  readonly currency: string;
  readonly timezone: string;
}

const ACCOUNTS: readonly Account[] = [
  { id: '100100000000011', currency: 'USD', timezone: 'America/New_York' },
  { id: '100100000000022', currency: 'EUR', timezone: 'Europe/Berlin' },
];

const ROWS_PER_PAGE = 500;
const DAYS_PER_BATCH = 7;
const BAD_SHARE = 0.001;

/** The landing of a lake after its first pull; made once and kept. */
export function firstLanding(size: Size): Made {
  const window = { since: FIRST_DAY, until: addDays(FIRST_DAY, size.days - 1) };
  const { bad = BAD_SHARE } = size;
  const name = `v${VERSION}-seed${size.seed}-${size.rows}-${size.days}d${bad === BAD_SHARE ? '' : `-bad${bad}`}`;
  return made(join(BENCH_FOLDER, name), (landing) => {
    writeRates(landing, window);
    return writeAnswers(landing, size, { window, pull: 0, bad });
  });
}

/** What daily run number `pull` (from 1) lands: new figures of all rows of the last 28 days. */
export function dailyLanding(size: Size, pull: number): Made {
  const name = `v${VERSION}-seed${size.seed}-${size.rows}-${size.days}d-pull${pull}`;
  const until = addDays(FIRST_DAY, size.days - 1);
  const window = { since: addDays(until, 1 - RESTATED_DAYS), until };
  return made(join(BENCH_FOLDER, name), (landing) =>
    writeAnswers(landing, size, { window, pull, bad: 0 }),
  );
}

const RESTATED_DAYS = 28;

/**
 * The landing of many accounts with one campaign-day a month each: as many partitions of one dataset
 * as there are accounts times months, and an answer for each. Gives the folder.
 */
export function manyAccounts(accounts: number, months: number): string {
  const folder = join(
    BENCH_FOLDER,
    `v${VERSION}-${accounts}accounts-${months}months-a-campaign-each`,
  );
  return made(folder, (landing) => {
    const random = seeded(1);
    const firsts = Array.from({ length: months }, (_, month) =>
      Temporal.PlainDate.from(FIRST_DAY).add({ months: month }).toString(),
    );
    let bytes = 0;
    for (let index = 0; index < accounts; index++) {
      const id = String(200_000_000_000_000 + index);
      const account = { id, currency: 'USD', timezone: 'America/New_York' };
      for (const day of firsts) {
        const window = { since: day, until: day };
        const size = { rows: 0, days: months * DAYS_PER_MONTH, seed: 1 };
        const into = { landing, account, window, size, pull: { window, pull: 0, bad: 0 } };
        const row = { account: account.id, currency: 'USD', campaign: index, ad: null, day };
        bytes += writeBatch(into, 'insights_campaign_day', [insightText(row, random)]);
      }
    }
    return { adDays: 0, campaignDays: accounts * months, bad: 0, bytes };
  }).landing;
}

/** No month is longer, so all answers are of days gone by. */
const DAYS_PER_MONTH = 31;

function made(folder: string, make: (landing: string) => Omit<Made, 'landing'>): Made {
  const landing = join(folder, 'landing');
  const about = join(folder, 'made.json');
  if (!existsSync(about)) {
    const unfinished = `${folder}.unfinished`;
    for (const path of [folder, unfinished]) rmSync(path, { recursive: true, force: true });
    const counts = make(join(unfinished, 'landing'));
    writeFileSync(join(unfinished, 'made.json'), JSON.stringify(counts));
    renameSync(unfinished, folder);
  }
  return { landing, ...(JSON.parse(readFileSync(about, 'utf8')) as Omit<Made, 'landing'>) };
}

interface Pull {
  readonly window: Window;
  /** 0 for the first pull, one more for every day after it. */
  readonly pull: number;
  /** Share of bad records. */
  readonly bad: number;
}

function writeAnswers(landing: string, size: Size, pull: Pull): Omit<Made, 'landing'> {
  const total = { adDays: 0, campaignDays: 0, bad: 0, bytes: 0 };
  for (const [index, account] of ACCOUNTS.entries()) {
    const random = seeded(size.seed * 1000 + pull.pull * 10 + index);
    for (const window of chunks(pull.window, DAYS_PER_BATCH)) {
      const days = daysOf(window);
      const ads = days.flatMap((day) => adRows(size, { account, day, pull, random }));
      const campaigns = days.flatMap((day) => campaignRows(size, { account, day, random }));
      const into = { landing, size, account, window, pull };
      total.bytes += writeBatch(
        into,
        'insights_ad_day',
        ads.map(([text]) => text),
      );
      total.bytes += writeBatch(into, 'insights_campaign_day', campaigns);
      total.adDays += ads.length;
      total.bad += ads.filter(([, isBad]) => isBad).length;
      total.campaignDays += campaigns.length;
    }
  }
  return total;
}

interface DayOf {
  readonly account: Account;
  readonly day: string;
  readonly random: Random;
}

/** Rows of a day in an order that is nobody's sort order, as the API's is not. */
function adRows(
  size: Size,
  of: DayOf & { readonly pull: Pull },
): readonly (readonly [text: string, isBad: boolean])[] {
  const ads = adsOn(size, of.day);
  return Array.from({ length: ads }, (_, index) => {
    const ad = (index * STRIDE) % ads;
    const row = {
      account: of.account.id,
      currency: of.account.currency,
      campaign: Math.floor(ad / ADS_PER_CAMPAIGN),
      day: of.day,
    };
    const isBad = of.random() < of.pull.bad;
    const text = insightText({ ...row, ad: isBad ? BAD_AD + ad : ad }, of.random);
    if (!isBad) return [text, false] as const;
    const fault = FAULTS[Math.floor(of.random() * FAULTS.length)];
    return [fault?.(text) ?? text, true] as const;
  });
}

/** A prime larger than any number of ads a day has: every ad comes once. */
const STRIDE = 1_000_003;

function campaignRows(size: Size, of: DayOf): readonly string[] {
  const campaigns = Math.ceil(adsOn(size, of.day) / ADS_PER_CAMPAIGN);
  return Array.from({ length: campaigns }, (_, campaign) =>
    insightText(
      {
        account: of.account.id,
        currency: of.account.currency,
        campaign,
        ad: null,
        day: of.day,
      },
      of.random,
    ),
  );
}

/** Ads of one account with delivery on a day: the days of all accounts add up to the rows asked for. */
function adsOn(size: Size, day: string): number {
  const number = daysBetween(FIRST_DAY, day);
  const share = size.rows / ACCOUNTS.length;
  const upTo = (days: number): number => Math.floor((days * share) / size.days);
  return upTo(number + 1) - upTo(number);
}

interface Into {
  readonly landing: string;
  readonly account: Account;
  readonly window: Window;
  readonly size: Size;
  readonly pull: Pull;
}

/** Writes one answer, without fsync: it can be made again. Gives the bytes of its pages. */
function writeBatch(into: Into, dataset: string, rows: readonly string[]): number {
  const { account, window, size, pull } = into;
  const today = addDays(FIRST_DAY, size.days + pull.pull);
  const landedAt = stampOf(today, window);
  const bodies = pagesOf(rows);
  const pages = bodies.map((page, index) => entryOf(page, index));
  const head = {
    dataset,
    account_id: account.id,
    object_id: null,
    source: 'api' as const,
    scope: { ...window, campaigns: { kind: 'all' as const }, complete: true },
    today,
    api_version: 'v26.0',
    request: { level: dataset === 'insights_ad_day' ? 'ad' : 'campaign', time_increment: 1 },
    timezone: account.timezone,
    currency: account.currency,
  };
  const content = createHash('sha256')
    .update(JSON.stringify([head, pages]))
    .digest('hex');
  const batchId = `${landedAt.replaceAll(/[-:.]/g, '')}-${content.slice(0, 8)}`;
  const batch: Batch = { ...head, batch_id: batchId, landed_at: landedAt, pages };
  const folder = join(into.landing, 'meta', dataset, `account_id=${account.id}`, batchId);
  mkdirSync(folder, { recursive: true });
  for (const [index, page] of bodies.entries()) {
    writeFileSync(join(folder, pages[index]?.file ?? ''), page.bytes);
  }
  writeFileSync(join(folder, '_batch.json'), `${JSON.stringify(batch, null, 2)}\n`);
  return pages.reduce((sum, page) => sum + page.bytes, 0);
}

/** Answers of one pull arrive a second after each other, oldest days first. */
function stampOf(today: string, window: Window): string {
  const seconds = daysBetween(FIRST_DAY, window.since);
  return Temporal.Instant.from(`${today}T06:00:00Z`)
    .add({ seconds })
    .toString({ smallestUnit: 'millisecond' });
}

interface Page {
  readonly bytes: Buffer;
  readonly rows: number;
}

function pagesOf(rows: readonly string[]): readonly Page[] {
  const pages: Page[] = [];
  for (let from = 0; from < rows.length; from += ROWS_PER_PAGE) {
    const some = rows.slice(from, from + ROWS_PER_PAGE);
    const text = `{"data":[${some.join(',')}],"paging":{"cursors":{"before":"MAZDZD","after":"MQZDZD"}}}`;
    pages.push({ bytes: Buffer.from(text), rows: some.length });
  }
  return pages;
}

function entryOf(page: Page, index: number): PageEntry {
  return {
    file: `page-${String(index + 1).padStart(5, '0')}.json`,
    sha256: createHash('sha256').update(page.bytes).digest('hex'),
    bytes: page.bytes.length,
    rows: page.rows,
  };
}

function writeRates(landing: string, window: Window): void {
  const folder = join(landing, 'internal', 'fx_rates');
  mkdirSync(folder, { recursive: true });
  const lines = daysOf(window).map((day, index) => `${day},EUR,1.${10 + (index % 10)}`);
  writeFileSync(join(folder, 'synthetic.csv'), `date,currency,usd_per_unit\n${lines.join('\n')}\n`);
}
