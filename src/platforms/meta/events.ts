import { sumOf } from '../../decimal.ts';
import type { Action, Actions } from './actions.ts';

/** An event that has a column of its own, with the names that the API gives it. */
export interface EventNames {
  /** Names by preference: the first that is there is the count, and they are never added up. */
  readonly cascade: readonly string[];
  /** Further names of the same event: held by the count once one of the cascade is there. */
  readonly aliases: readonly string[];
}

/**
 * The names of every counted event. One event comes under several of them with the same figure
 * (Marketing API, `actions`: a hierarchy with details that are not added to totals); `omni_` is all
 * channels without repetition, the bare name is the default, then website, Meta and app alone.
 */
export const EVENTS = {
  purchases: {
    cascade: [
      'omni_purchase',
      'purchase',
      'offsite_conversion.fb_pixel_purchase',
      'onsite_web_purchase',
      'onsite_conversion.purchase',
      'app_custom_event.fb_mobile_purchase',
    ],
    aliases: [
      'onsite_web_app_purchase',
      'onsite_app_purchase',
      'web_in_store_purchase',
      'web_app_in_store_purchase',
      'offline_conversion.purchase',
    ],
  },
  add_to_cart: {
    cascade: [
      'omni_add_to_cart',
      'add_to_cart',
      'offsite_conversion.fb_pixel_add_to_cart',
      'onsite_web_add_to_cart',
      'onsite_conversion.add_to_cart',
      'app_custom_event.fb_mobile_add_to_cart',
    ],
    aliases: ['onsite_web_app_add_to_cart', 'onsite_app_add_to_cart'],
  },
  initiate_checkout: {
    cascade: [
      'omni_initiated_checkout',
      'initiate_checkout',
      'offsite_conversion.fb_pixel_initiate_checkout',
      'onsite_web_initiate_checkout',
      'onsite_conversion.initiate_checkout',
      'app_custom_event.fb_mobile_initiated_checkout',
    ],
    aliases: ['onsite_web_app_initiate_checkout', 'onsite_app_initiate_checkout'],
  },
  view_content: {
    cascade: [
      'omni_view_content',
      'view_content',
      'offsite_conversion.fb_pixel_view_content',
      'onsite_web_view_content',
      'onsite_conversion.view_content',
      'app_custom_event.fb_mobile_content_view',
    ],
    aliases: ['onsite_web_app_view_content', 'onsite_app_view_content'],
  },
  complete_registration: {
    cascade: [
      'omni_complete_registration',
      'complete_registration',
      'offsite_conversion.fb_pixel_complete_registration',
      'onsite_web_complete_registration',
      'onsite_conversion.complete_registration',
      'app_custom_event.fb_mobile_complete_registration',
    ],
    aliases: ['onsite_web_app_complete_registration', 'onsite_app_complete_registration'],
  },
  landing_page_views: { cascade: ['landing_page_view', 'omni_landing_page_view'], aliases: [] },
  post_reactions: { cascade: ['post_reaction'], aliases: [] },
  comments: { cascade: ['comment'], aliases: [] },
  shares: { cascade: ['post'], aliases: [] },
  saves: { cascade: ['onsite_conversion.post_save'], aliases: [] },
  video_views_3s: { cascade: ['video_view'], aliases: [] },
} as const satisfies Readonly<Record<string, EventNames>>;

/** The two ways a lead can come in, which are parts and not aliases of each other. */
export const LEAD_PARTS = [
  'onsite_conversion.lead_grouped',
  'offsite_conversion.fb_pixel_lead',
] as const;

/** `lead` is the total; the other names stand for it only where neither it nor its parts are there. */
export const LEADS: EventNames = {
  cascade: [
    'lead',
    ...LEAD_PARTS,
    'onsite_web_lead',
    'onsite_conversion.lead',
    'onsite_conversion.leadgen_grouped',
    'leadgen_grouped',
  ],
  aliases: ['offsite_content_view_add_meta_leads', 'offsite_search_add_meta_leads'],
};

/** An event found in a row: what was counted and under which name. */
export interface Found {
  /** The action type used; for the sum of two, both with a plus sign between. */
  readonly source: string;
  readonly action: Action;
  /** Every action type that this count holds. */
  readonly holds: readonly string[];
}

/** The first name of the event that is there, even when its figure is 0; null when none is. */
export function findEvent(actions: Actions, names: EventNames): Found | null {
  for (const source of names.cascade) {
    const action = actions.get(source);
    if (action !== undefined) {
      return { source, action, holds: [...names.cascade, ...names.aliases] };
    }
  }
  return null;
}

/**
 * Leads: `lead`, else the sum of its two parts (the one sum that is allowed), else the part that is
 * there, else another of its names.
 */
export function findLeads(actions: Actions): Found | null {
  const [onMeta, onSite] = LEAD_PARTS.map((part) => actions.get(part));
  if (actions.has('lead') || onMeta === undefined || onSite === undefined) {
    return findEvent(actions, LEADS);
  }
  const isKnown = onMeta.value !== null && onSite.value !== null;
  const value = isKnown ? sumOf([onMeta.value, onSite.value]) : null;
  const holds = [...LEADS.cascade, ...LEADS.aliases];
  return { source: LEAD_PARTS.join('+'), action: { value, windows: new Map() }, holds };
}
