import { addDays, daysBetween, daysOf, type Window } from '../../window.ts';
import { between, digits, mix, saltOf, uniform } from '../random.ts';

/** The platforms beside Meta that have a sandbox. */
export const REPORT_PLATFORMS = ['google', 'tiktok', 'amazon'] as const;

/** A platform beside Meta that has a sandbox. */
export type ReportPlatform = (typeof REPORT_PLATFORMS)[number];

/** A made-up ad account. */
export interface ReportAccount {
  readonly id: string;
  readonly name: string;
  readonly currency: string;
  /** IANA name. */
  readonly timezone: string;
}

/** A made-up campaign. */
export interface ReportCampaign {
  readonly id: string;
  readonly name: string;
  /** Which of the platform's kinds of campaigns it is, counted from 0. */
  readonly product: number;
  readonly ads: readonly ReportAd[];
}

/** A made-up ad in its group. */
export interface ReportAd {
  readonly id: string;
  readonly name: string;
  readonly groupId: string;
  readonly groupName: string;
}

/** Figures of one object and day; money in millionths of the account's currency. */
export interface ReportFigures {
  readonly impressions: number;
  readonly clicks: number;
  readonly costMicros: number;
  readonly conversions: number;
  readonly valueMicros: number;
}

/** What a campaign or an ad did on one day. */
export interface ReportDay extends ReportFigures {
  readonly date: string;
  readonly campaign: ReportCampaign;
  /** Null in rows of campaigns. */
  readonly ad: ReportAd | null;
}

/** A synthetic world of one platform: the same seed gives the same world for ever. */
export interface ReportWorld {
  readonly platform: ReportPlatform;
  readonly accounts: readonly ReportAccount[];
  readonly campaigns: (accountId: string) => readonly ReportCampaign[];
}

/** How many kinds of campaigns a platform has. */
const PRODUCTS: Readonly<Record<ReportPlatform, number>> = { google: 2, tiktok: 1, amazon: 3 };
const CAMPAIGNS = 4;
const ADS = 3;
const SOME_GAP = 0.15;

/** Makes a world. Everything in it is synthetic. */
export function reportWorld(platform: ReportPlatform, seed: number): ReportWorld {
  const salt = mix(saltOf(platform), seed);
  const accounts: readonly ReportAccount[] = [
    accountOf(salt, { at: 1, currency: 'EUR', timezone: 'Europe/Berlin' }),
    accountOf(salt, { at: 2, currency: 'USD', timezone: 'America/New_York' }),
  ];
  const campaigns = new Map(
    accounts.map(({ id }) => [id, campaignsOf(platform, mix(salt, saltOf(id)))]),
  );
  return { platform, accounts, campaigns: (accountId) => campaigns.get(accountId) ?? [] };
}

function accountOf(
  salt: number,
  of: { readonly at: number; readonly currency: string; readonly timezone: string },
): ReportAccount {
  const { at, currency, timezone } = of;
  return { id: idOf(salt, at, 10), name: `Synthetic account ${at}`, currency, timezone };
}

function campaignsOf(platform: ReportPlatform, salt: number): readonly ReportCampaign[] {
  return Array.from({ length: CAMPAIGNS }, (_, at) => {
    const product = at % PRODUCTS[platform];
    const hasAds = !(platform === 'google' && product === 1);
    const own = mix(salt, at + 1);
    const ads = Array.from({ length: hasAds ? ADS : 0 }, (_, of) => adOf(mix(own, of + 1), of));
    return { id: idOf(own, 0, 15), name: `Synthetic campaign ${at + 1}`, product, ads };
  });
}

function adOf(salt: number, at: number): ReportAd {
  const group = Math.floor(at / 2);
  return {
    id: idOf(salt, 1, 15),
    name: `Synthetic ad ${at + 1}`,
    groupId: idOf(saltOf(`group ${salt}`), group, 14),
    groupName: `Synthetic group ${group + 1}`,
  };
}

/** Digits that begin with no 0, as ids do. */
function idOf(salt: number, at: number, length: number): string {
  return `${1 + (mix(salt, at) % 9)}${digits(mix(salt, at + 77), length - 1)}`;
}

/**
 * Rows of campaigns, or of their ads, on the days of a window that are over on `today`, in the order of
 * days and objects. Conversions of a day go on coming in for two weeks; money and delivery are final at
 * once. A campaign is the sum of its ads, and has figures of its own where it has none.
 */
export function reportDays(
  world: ReportWorld,
  of: {
    readonly accountId: string;
    readonly level: 'campaign' | 'ad';
    readonly window: Window;
    readonly today: string;
  },
): readonly ReportDay[] {
  const { accountId, level, window, today } = of;
  const until = window.until < today ? window.until : addDays(today, -1);
  return daysOf({ since: window.since, until }).flatMap((date) =>
    world.campaigns(accountId).flatMap((campaign): readonly ReportDay[] => {
      const ads = campaign.ads.flatMap((ad) => {
        const figures = figuresOf(world, ad.id, { date, today });
        return figures === null ? [] : [{ ...figures, date, campaign, ad }];
      });
      if (level === 'ad') return ads;
      if (campaign.ads.length > 0) return ads.length === 0 ? [] : [sumOf(campaign, date, ads)];
      const figures = figuresOf(world, campaign.id, { date, today });
      return figures === null ? [] : [{ ...figures, date, campaign, ad: null }];
    }),
  );
}

/** Days until all conversions of a day have come in. */
const MATURING_DAYS = 14;

function figuresOf(
  world: ReportWorld,
  objectId: string,
  at: { readonly date: string; readonly today: string },
): ReportFigures | null {
  const salt = saltOf(`${world.platform} ${objectId} ${at.date}`);
  if (uniform(salt, 1) < SOME_GAP) return null;
  const impressions = between(uniform(salt, 2), 100, 20_000);
  const clicks = Math.floor(impressions * (0.005 + 0.03 * uniform(salt, 3)));
  const costMicros = clicks * between(uniform(salt, 4), 10, 250) * 10_000;
  const share = Math.min(1, (daysBetween(at.date, at.today) + 1) / MATURING_DAYS);
  const conversions = Math.floor(clicks * 0.1 * uniform(salt, 5) * share);
  const valueMicros = conversions * between(uniform(salt, 6), 500, 9_000) * 10_000;
  return { impressions, clicks, costMicros, conversions, valueMicros };
}

function sumOf(campaign: ReportCampaign, date: string, days: readonly ReportFigures[]): ReportDay {
  const sum = (name: keyof ReportFigures): number =>
    days.reduce((total, day) => total + day[name], 0);
  return {
    date,
    campaign,
    ad: null,
    impressions: sum('impressions'),
    clicks: sum('clicks'),
    costMicros: sum('costMicros'),
    conversions: sum('conversions'),
    valueMicros: sum('valueMicros'),
  };
}

/** Millionths as decimal text of ones with two places, as platforms show money. */
export function moneyText(micros: number): string {
  const cents = String(Math.round(micros / 10_000)).padStart(3, '0');
  return `${cents.slice(0, -2)}.${cents.slice(-2)}`;
}
