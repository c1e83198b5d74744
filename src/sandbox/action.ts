import {
  at,
  COUNTER,
  creditedAmount,
  creditedCount,
  EVENTS,
  type EventName,
  eventCount,
  hasEvents,
  purchaseAmount,
  type Tally,
} from './tally.ts';
import type { Ad } from './tree.ts';

/** One entry of `actions` or `action_values` before it is written: counts or minor units. */
export interface Action {
  readonly type: string;
  readonly value: number;
  /** One number per window that was asked for; a window that is 0 is left out when written. */
  readonly windows: ReadonlyMap<string, number>;
}

/** What a list of actions is made from. */
export interface ActionSource {
  readonly tally: Tally;
  readonly ad: Ad;
  readonly windows: readonly string[];
  /** False where Meta gives no off-platform conversions: by region and by hour. */
  readonly offPlatform: boolean;
  /** False where Meta gives no conversions in apps: by action breakdowns of the second type. */
  readonly inApps: boolean;
}

const [WEB, META, APP] = [0, 1, 2] as const;
const ALL: readonly number[] = [WEB, META, APP];

/** The custom pixel event that some campaigns count. */
const CUSTOM_EVENT = 'SyntheticQuiz';

type Aliases = readonly (readonly [type: string, channels: readonly number[]])[];

/** Every name under which an event is reported, with the channels that the name covers. */
const ALIASES: Readonly<Record<Exclude<EventName, 'custom'>, Aliases>> = {
  purchase: [...shopAliases('purchase', 'purchase'), ['web_in_store_purchase', [WEB]]],
  view_content: shopAliases('view_content', 'content_view'),
  add_to_cart: shopAliases('add_to_cart', 'add_to_cart'),
  initiate_checkout: [
    ['omni_initiated_checkout', ALL],
    ...shopAliases('initiate_checkout', 'initiated_checkout').slice(1),
  ],
  lead: [
    ['lead', [WEB, META]],
    ['offsite_conversion.fb_pixel_lead', [WEB]],
    ['onsite_web_lead', [WEB, META]],
    ['onsite_conversion.lead', [META]],
    ['onsite_conversion.lead_grouped', [META]],
  ],
  complete_registration: [
    ['omni_complete_registration', ALL],
    ['complete_registration', [WEB]],
    ['offsite_conversion.fb_pixel_complete_registration', [WEB]],
    ['app_custom_event.fb_mobile_complete_registration', [APP]],
  ],
};

/** Which classes of conversions a window covers; windows that give nothing any more are not here. */
const WINDOW_CLASSES: Readonly<Record<string, readonly number[]>> = {
  '1d_click': [0],
  '7d_click': [0, 1],
  '28d_click': [0, 1, 2],
  '1d_view': [3],
  '1d_ev': [4],
};

/** Every entry of `actions`: engagement on Meta, then the events with all their aliases. */
export function actionsOf(source: ActionSource): readonly Action[] {
  return [...engagement(source), ...(source.offPlatform ? events(source) : [])].filter(
    (action) => action.value > 0 || [...action.windows.values()].some((count) => count > 0),
  );
}

/** Every entry of `action_values`: purchases only, in minor units. */
export function actionValuesOf(source: ActionSource): readonly Action[] {
  if (!source.offPlatform) return [];
  return aliasesOf('purchase', source)
    .map(([type, channels]) => ({
      type,
      value: sum(channels, (channel) => creditedAmount(source.tally, channel)),
      windows: windowsOf(source, (cls) =>
        sum(channels, (channel) => purchaseAmount(source.tally, channel, cls)),
      ),
    }))
    .filter((action) => action.value > 0 || [...action.windows.values()].some((sum) => sum > 0));
}

/** True for the actions that the `conversions` field gives: custom events by name. */
export function isCustomEvent(type: string): boolean {
  return type === `offsite_conversion.fb_pixel_custom.${CUSTOM_EVENT}`;
}

function events(source: ActionSource): readonly Action[] {
  return EVENTS.flatMap((name, event) =>
    aliasesOf(name, source).map(([type, channels]) => ({
      type,
      value: sum(channels, (channel) => creditedCount(source.tally, event, channel)),
      windows: windowsOf(source, (cls) =>
        sum(channels, (channel) => eventCount(source.tally, event, channel, cls)),
      ),
    })),
  );
}

/** Engagement happens on Meta itself; identities as measured on real accounts. */
function engagement({ tally, windows }: ActionSource): readonly Action[] {
  const count = (place: number) => at(tally, place);
  const clicked: readonly (readonly [string, number])[] = [
    ['link_click', count(COUNTER.linkClicks)],
    ['post_reaction', count(COUNTER.reactions)],
    ['comment', count(COUNTER.comments)],
    ['post', count(COUNTER.shares)],
    ['onsite_conversion.post_save', count(COUNTER.saves)],
  ];
  const clicks = sum(clicked, ([, value]) => value);
  const views = count(COUNTER.views);
  const likes = count(COUNTER.likes);
  const action = (type: string, byClick: number, byView: number): Action => ({
    type,
    value: byClick + byView,
    windows: new Map(windows.map((name) => [name, engagementIn(name, byClick, byView)])),
  });
  return [
    ...clicked.map(([type, value]) => action(type, value, 0)),
    action('landing_page_view', count(COUNTER.landingPageViews), 0),
    action('omni_landing_page_view', count(COUNTER.landingPageViews), 0),
    action('like', likes, 0),
    action('video_view', 0, views),
    action('post_engagement', clicks, views),
    action('page_engagement', clicks + likes, views),
  ];
}

function engagementIn(window: string, byClick: number, byView: number): number {
  if (window.endsWith('d_click')) return byClick;
  return window === '1d_view' ? byView : 0;
}

/** The aliases of an event that cover a channel by which any of it arrived: none for most events. */
function aliasesOf(name: EventName, source: ActionSource): Aliases {
  const event = EVENTS.indexOf(name);
  const given = source.inApps ? ALL : [WEB, META];
  const arrived = given.filter((channel) => hasEvents(source.tally, event, channel));
  if (arrived.length === 0) return [];
  return namesOf(name, source)
    .filter(([, channels]) => channels.some((channel) => arrived.includes(channel)))
    .map(([type, channels]) => [type, channels.filter((channel) => given.includes(channel))]);
}

function namesOf(name: EventName, source: ActionSource): Aliases {
  if (name !== 'custom') return ALIASES[name];
  return [
    ['offsite_conversion.fb_pixel_custom', [WEB]],
    [`offsite_conversion.fb_pixel_custom.${CUSTOM_EVENT}`, [WEB]],
    [`offsite_conversion.custom.${source.ad.campaign.account.customConversionId}`, [WEB]],
  ];
}

function shopAliases(name: string, appName: string): Aliases {
  return [
    [`omni_${name}`, ALL],
    [name, [WEB]],
    [`offsite_conversion.fb_pixel_${name}`, [WEB]],
    [`onsite_web_${name}`, [WEB, META]],
    [`onsite_web_app_${name}`, ALL],
    [`onsite_app_${name}`, [META, APP]],
    [`onsite_conversion.${name}`, [META]],
    [`app_custom_event.fb_mobile_${appName}`, [APP]],
  ];
}

function windowsOf(source: ActionSource, ofClass: (cls: number) => number): Map<string, number> {
  return new Map(source.windows.map((name) => [name, sum(WINDOW_CLASSES[name] ?? [], ofClass)]));
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
