/** A seeded stream of numbers from 0 (inclusive) to 1: the same seed gives the same lake. */
export type Random = () => number;

/** The generator mulberry32. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Whose figures a row holds. `ad` is null for a row of a whole campaign. */
export interface RowOf {
  readonly account: string;
  readonly currency: string;
  readonly campaign: number;
  readonly ad: number | null;
  readonly day: string;
}

/** Ads that share an ad set, and ads that share a campaign. */
export const ADS_PER_SET = 4;
export const ADS_PER_CAMPAIGN = 20;

/**
 * One Insights row as the API writes it, compact: the fields of `fieldsOf` in their order, names,
 * about twelve actions and four action values with their windows; what is zero is left out.
 */
export function insightText(of: RowOf, random: Random): string {
  const figures = figuresOf(random, of.ad === null ? ADS_PER_CAMPAIGN : 1);
  const { impressions, reach, clicks, linkClicks, cents } = figures;
  const spend = money(cents);
  return `{${idsOf(of)},"account_id":"${of.account}","account_currency":"${of.currency}","attribution_setting":"7d_click_1d_view","impressions":"${impressions}","reach":"${reach}","frequency":"${(impressions / reach).toFixed(6)}","spend":"${spend}","clicks":"${clicks}","unique_clicks":"${Math.max(1, Math.floor(clicks * 0.9))}","inline_link_clicks":"${linkClicks}","outbound_clicks":[{"action_type":"outbound_click","value":"${Math.max(1, linkClicks - 1)}"}],"cpc":"${(cents / 100 / clicks).toFixed(6)}","cpm":"${((cents * 10) / impressions).toFixed(6)}","ctr":"${((clicks * 100) / impressions).toFixed(6)}",${actionsOf(figures, random)}${of.ad === null ? '' : RANKINGS}"date_start":"${of.day}","date_stop":"${of.day}"}`;
}

/** Ways in which a record breaks its contract; each is a text of a good record made bad. */
export const FAULTS: readonly ((text: string) => string)[] = [
  (text) => text.replace(/"spend":"/, '"spend":"-'),
  (text) => text.replace(/"spend":"(\d+)\./, '"spend":"$1,'),
  (text) => text.replace(/"ad_id":"\d+",/, ''),
  (text) => text.replace(/"date_start":"(\d{4})-\d\d-\d\d"/, '"date_start":"$1-02-30"'),
  (text) => text.replace(/"impressions":"/, '"impressions":"x'),
  (text) => text.replace(/"account_id":"\d+"/, '"account_id":"999"'),
];

/** Ads that bad records are about: no good record is, so that they change no figure but their own. */
export const BAD_AD = 90_000_000;

interface Figures {
  readonly impressions: number;
  readonly reach: number;
  readonly clicks: number;
  readonly linkClicks: number;
  readonly cents: number;
}

function figuresOf(random: Random, factor: number): Figures {
  const impressions = factor * (200 + Math.floor(random() * 20_000));
  const clicks = Math.max(1, Math.floor(impressions * (0.005 + random() * 0.03)));
  return {
    impressions,
    reach: Math.max(1, Math.floor(impressions * (0.6 + random() * 0.3))),
    clicks,
    linkClicks: Math.max(1, Math.floor(clicks * 0.7)),
    cents: Math.max(1, Math.floor(clicks * (20 + random() * 100))),
  };
}

function idsOf(of: RowOf): string {
  const campaign = `"campaign_id":"${idOf(of, 1, of.campaign)}","campaign_name":"${CAMPAIGNS[of.campaign % CAMPAIGNS.length]} ${of.campaign}"`;
  if (of.ad === null) return `${campaign},"objective":"OUTCOME_SALES"`;
  const set = Math.floor(of.ad / ADS_PER_SET);
  return `${campaign},"adset_id":"${idOf(of, 2, set)}","adset_name":"Ad set ${set}, broad","ad_id":"${idOf(of, 3, of.ad)}","ad_name":"Synthetic ad ${of.ad}","objective":"OUTCOME_SALES","optimization_goal":"OFFSITE_CONVERSIONS"`;
}

const CAMPAIGNS = ['Spring sale, new customers', 'Synthetic campaign', 'Remarketing', 'Catalogue'];

function idOf(of: RowOf, kind: number, number: number): string {
  return `1202${of.account.slice(-2)}${kind}${String(number).padStart(11, '0')}`;
}

function money(cents: number): string {
  const text = String(cents).padStart(3, '0');
  return `${text.slice(0, -2)}.${text.slice(-2)}`;
}

const RANKINGS =
  '"quality_ranking":"AVERAGE","engagement_rate_ranking":"ABOVE_AVERAGE","conversion_rate_ranking":"BELOW_AVERAGE_20",';

function actionsOf(figures: Figures, random: Random): string {
  const { linkClicks } = figures;
  const views = 1 + Math.floor(linkClicks * (0.3 + random() * 0.3));
  const carts = Math.floor(views * random() * 0.12);
  const checkouts = Math.floor(carts * 0.5);
  const purchases = Math.floor(carts * random() * 0.5);
  const counts: readonly Count[] = [
    ['link_click', linkClicks, CLICKS],
    ['landing_page_view', Math.max(1, Math.floor(linkClicks * 0.8)), CLICKS],
    ['post_engagement', linkClicks + 3, CLICKS],
    ['comment', Math.floor(random() * 1.5), CLICKS],
    ['omni_view_content', views, CONVERSIONS],
    ['offsite_conversion.fb_pixel_view_content', views, CONVERSIONS],
    ['omni_add_to_cart', carts, CONVERSIONS],
    ['offsite_conversion.fb_pixel_add_to_cart', carts, CONVERSIONS],
    ['omni_initiated_checkout', checkouts, CONVERSIONS],
    ['offsite_conversion.fb_pixel_initiate_checkout', checkouts, CONVERSIONS],
    ['omni_purchase', purchases, SALES],
    ['offsite_conversion.fb_pixel_purchase', purchases, SALES],
  ];
  const price = 1500 + Math.floor(random() * 6000);
  const amounts: readonly Count[] = [
    ['omni_add_to_cart', carts * price, CONVERSIONS],
    ['offsite_conversion.fb_pixel_add_to_cart', carts * price, CONVERSIONS],
    ['omni_purchase', purchases * price, SALES],
    ['offsite_conversion.fb_pixel_purchase', purchases * price, SALES],
  ];
  const roas =
    purchases === 0
      ? ''
      : `"purchase_roas":[{"action_type":"omni_purchase","value":"${((purchases * price) / figures.cents).toFixed(6)}"}],`;
  return `${list('actions', counts, String)}${list('action_values', amounts, money)}${roas}${videosOf(figures, random)}`;
}

/** An action type with its count, and the windows it is reported with as shares of the count. */
type Count = readonly [type: string, count: number, windows: Windows];
type Windows = readonly (readonly [name: string, share: number])[];

const CLICKS: Windows = [['7d_click', 0.85]];
const CONVERSIONS: Windows = [['1d_click', 0.6], ...CLICKS, ['28d_click', 1]];
const SALES: Windows = [...CONVERSIONS, ['1d_view', 0.1]];

/** An action that did not happen is not sent, nor is a window of 0 or a list without actions. */
function list(name: string, counts: readonly Count[], write: (count: number) => string): string {
  let items = '';
  for (const [type, count, windows] of counts) {
    if (count === 0) continue;
    let item = `{"action_type":"${type}","value":"${write(count)}"`;
    for (const [window, share] of windows) {
      const part = Math.floor(count * share);
      if (part > 0) item += `,"${window}":"${write(part)}"`;
    }
    items += `${items === '' ? '' : ','}${item}}`;
  }
  return items === '' ? '' : `"${name}":[${items}],`;
}

const VIDEO_SHARES = [
  ['video_play_actions', 1],
  ['video_thruplay_watched_actions', 0.4],
  ['video_p25_watched_actions', 0.7],
  ['video_p50_watched_actions', 0.5],
  ['video_p75_watched_actions', 0.3],
  ['video_p95_watched_actions', 0.2],
  ['video_p100_watched_actions', 0.1],
] as const;

/** One row in ten is of a video. */
function videosOf(figures: Figures, random: Random): string {
  if (random() > 0.1) return '';
  return VIDEO_SHARES.map(
    ([name, share]) =>
      `"${name}":[{"action_type":"video_view","value":"${1 + Math.floor(figures.impressions * share * 0.3)}"}],`,
  ).join('');
}
