import type { Action, Actions } from './actions.ts';

const PIXEL = 'offsite_conversion.fb_pixel_';
/** Custom events of the pixel together; with a point and a name behind it, one of them. */
export const CUSTOM = `${PIXEL}custom`;

/**
 * Counts by pixel event as JSON text with sorted keys, `{}` when there are none: standard events by
 * the name the pixel fires them under (`fb_pixel_add_to_cart` is AddToCart), custom ones by their
 * own. `conversions` is the row's list of that name, which names custom events that `actions` only
 * adds up. Custom conversions (`offsite_conversion.custom.<id>`) are rules over events, not events,
 * and are left out. A count that the API did not send is null.
 */
export function pixelEventsOf(actions: Actions, conversions: Actions): string {
  const counts = new Map<string, string | null>();
  for (const [type, action] of actions) collect(counts, type, action);
  for (const [type, action] of conversions) collect(counts, type, action);
  const together = actions.get(CUSTOM);
  if (together !== undefined && !hasNamed(actions) && !hasNamed(conversions)) {
    counts.set('Custom', numberText(together));
  }
  return jsonObject(counts);
}

/** A JSON object of ready-made JSON texts, keys sorted by code unit. */
export function jsonObject(members: ReadonlyMap<string, string | null>): string {
  const keys = [...members.keys()].sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${members.get(key) ?? 'null'}`).join(',')}}`;
}

function collect(counts: Map<string, string | null>, type: string, action: Action): void {
  const name = eventName(type);
  if (name !== null && !counts.has(name)) counts.set(name, numberText(action));
}

function hasNamed(actions: Actions): boolean {
  return [...actions.keys()].some((type) => type.startsWith(`${CUSTOM}.`));
}

/** The name of the pixel event that an action type counts, or null when it counts none. */
export function eventName(type: string): string | null {
  if (type.startsWith(`${CUSTOM}.`)) return customName(type.slice(CUSTOM.length + 1));
  if (!type.startsWith(PIXEL) || type === CUSTOM) return null;
  const words = type.slice(PIXEL.length).split('_');
  return words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join('');
}

/** A custom event that bears the name of a standard one is told apart from it. */
function customName(name: string): string {
  return STANDARD.has(name) ? `custom.${name}` : name;
}

/** Standard events of the pixel (Meta Pixel reference, standard events). */
const STANDARD: ReadonlySet<string> = new Set([
  'AddPaymentInfo',
  'AddToCart',
  'AddToWishlist',
  'CompleteRegistration',
  'Contact',
  'CustomizeProduct',
  'Donate',
  'FindLocation',
  'InitiateCheckout',
  'Lead',
  'PageView',
  'Purchase',
  'Schedule',
  'Search',
  'StartTrial',
  'SubmitApplication',
  'Subscribe',
  'ViewContent',
]);

/** JSON has no leading zeros; decimal text may. */
function numberText(action: Action): string | null {
  return action.value === null ? null : action.value.replace(/^(-?)0+(?=\d)/, '$1');
}
