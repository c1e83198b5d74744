import {
  at,
  COUNTER,
  creditedAmount,
  creditedCount,
  EVENTS,
  type EventName,
  eventCount,
  hasAnyEvents,
  hasEvents,
  purchaseAmount,
  type Tally,
} from './tally.ts';
import type { Ad } from './tree.ts';

/** One entry of `actions` or `action_values` before it is written: counts or minor units. */
export interface Action {
  readonly type: string;
  readonly value: number;
  /** One number for each window of the query, in its order; one that is 0 is left out when written. */
  readonly windows: readonly number[];
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

/** Channels that a name covers, each as a bit: the bit of a channel is its place in `CHANNELS`. */
const [WEB, META, APP] = [1, 2, 4] as const;
const ALL = WEB | META | APP;

/** The custom pixel event that some campaigns count. */
const CUSTOM_EVENT = 'SyntheticQuiz';

type Aliases = readonly (readonly [type: string, channels: number])[];

/** Every name under which an event is reported, with the channels that the name covers. */
const ALIASES: Readonly<Record<Exclude<EventName, 'custom'>, Aliases>> = {
  purchase: [...shopAliases('purchase', 'purchase'), ['web_in_store_purchase', WEB]],
  view_content: shopAliases('view_content', 'content_view'),
  add_to_cart: shopAliases('add_to_cart', 'add_to_cart'),
  initiate_checkout: [
    ['omni_initiated_checkout', ALL],
    ...shopAliases('initiate_checkout', 'initiated_checkout').slice(1),
  ],
  lead: [
    ['lead', WEB | META],
    ['offsite_conversion.fb_pixel_lead', WEB],
    ['onsite_web_lead', WEB | META],
    ['onsite_conversion.lead', META],
    ['onsite_conversion.lead_grouped', META],
  ],
  complete_registration: [
    ['omni_complete_registration', ALL],
    ['complete_registration', WEB],
    ['offsite_conversion.fb_pixel_complete_registration', WEB],
    ['app_custom_event.fb_mobile_complete_registration', APP],
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
  const found = engagement(source);
  if (source.offPlatform && hasAnyEvents(source.tally)) {
    for (const [event, name] of EVENTS.entries()) addEvent(found, source, { name, event });
  }
  return found.filter(hasAny);
}

/** Every entry of `action_values`: purchases only, in minor units. */
export function actionValuesOf(source: ActionSource): readonly Action[] {
  const { tally } = source;
  if (!source.offPlatform || !hasAnyEvents(tally)) return [];
  return aliasesOf({ name: 'purchase', event: 0 }, source, {
    credited: (channel) => creditedAmount(tally, channel),
    inClass: (channel, cls) => purchaseAmount(tally, channel, cls),
  }).filter(hasAny);
}

/** A part of an action can be nothing. */
export function hasAny({ value, windows }: Action): boolean {
  return value > 0 || windows.some((count) => count > 0);
}

/** True for the actions that the `conversions` field gives: custom events by name. */
export function isCustomEvent(type: string): boolean {
  return type === `offsite_conversion.fb_pixel_custom.${CUSTOM_EVENT}`;
}

interface Event {
  readonly name: EventName;
  /** Its place in `EVENTS`. */
  readonly event: number;
}

function addEvent(found: Action[], source: ActionSource, of: Event): void {
  const { tally } = source;
  const counts = {
    credited: (channel: number) => creditedCount(tally, of.event, channel),
    inClass: (channel: number, cls: number) => eventCount(tally, of.event, channel, cls),
  };
  found.push(...aliasesOf(of, source, counts));
}

/** What an event comes to by channel, and by channel and class. */
interface Amounts {
  readonly credited: (channel: number) => number;
  readonly inClass: (channel: number, cls: number) => number;
}

/** Engagement happens on Meta itself; identities as measured on real accounts. */
function engagement({ tally, windows }: ActionSource): Action[] {
  const count = (place: number) => at(tally, place);
  const clicked: readonly (readonly [string, number])[] = [
    ['link_click', count(COUNTER.linkClicks)],
    ['post_reaction', count(COUNTER.reactions)],
    ['comment', count(COUNTER.comments)],
    ['post', count(COUNTER.shares)],
    ['onsite_conversion.post_save', count(COUNTER.saves)],
  ];
  const clicks = clicked.reduce((sum, [, value]) => sum + value, 0);
  const views = count(COUNTER.views);
  const likes = count(COUNTER.likes);
  const action = (type: string, byClick: number, byView: number): Action => ({
    type,
    value: byClick + byView,
    windows: windows.map((name) => engagementIn(name, byClick, byView)),
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

/**
 * The aliases of an event that cover a channel by which any of it arrived: none for most events. Those
 * that cover the same channels have the same figures, which are summed up once.
 */
function aliasesOf(of: Event, source: ActionSource, amounts: Amounts): readonly Action[] {
  const given = source.inApps ? ALL : WEB | META;
  const arrived = given & channelsOf(source.tally, of.event);
  if (arrived === 0) return [];
  const summed: (Omit<Action, 'type'> | undefined)[] = [];
  const found: Action[] = [];
  for (const [type, covered] of namesOf(of.name, source)) {
    if ((covered & arrived) === 0) continue;
    const channels = covered & given;
    const figures = summed[channels] ?? figuresOf(channels, source.windows, amounts);
    summed[channels] = figures;
    found.push({ type, ...figures });
  }
  return found;
}

function figuresOf(
  channels: number,
  windows: readonly string[],
  amounts: Amounts,
): Omit<Action, 'type'> {
  const over = (of: (channel: number) => number): number => {
    let sum = 0;
    for (let channel = 0; 1 << channel <= channels; channel++) {
      if ((channels & (1 << channel)) !== 0) sum += of(channel);
    }
    return sum;
  };
  return {
    value: over(amounts.credited),
    windows: windows.map((name) => {
      let sum = 0;
      for (const cls of WINDOW_CLASSES[name] ?? [])
        sum += over((channel) => amounts.inClass(channel, cls));
      return sum;
    }),
  };
}

/** The channels by which any of an event arrived, as bits. */
function channelsOf(tally: Tally, event: number): number {
  let channels = 0;
  for (let channel = 0; 1 << channel <= ALL; channel++) {
    if (hasEvents(tally, event, channel)) channels |= 1 << channel;
  }
  return channels;
}

function namesOf(name: EventName, source: ActionSource): Aliases {
  if (name !== 'custom') return ALIASES[name];
  return [
    ['offsite_conversion.fb_pixel_custom', WEB],
    [`offsite_conversion.fb_pixel_custom.${CUSTOM_EVENT}`, WEB],
    [`offsite_conversion.custom.${source.ad.campaign.account.customConversionId}`, WEB],
  ];
}

function shopAliases(name: string, appName: string): Aliases {
  return [
    [`omni_${name}`, ALL],
    [name, WEB],
    [`offsite_conversion.fb_pixel_${name}`, WEB],
    [`onsite_web_${name}`, WEB | META],
    [`onsite_web_app_${name}`, ALL],
    [`onsite_app_${name}`, META | APP],
    [`onsite_conversion.${name}`, META],
    [`app_custom_event.fb_mobile_${appName}`, APP],
  ];
}
