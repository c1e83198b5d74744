import { isZero } from '../../decimal.ts';
import { type Action, type Actions, type AttributionWindow, WINDOWS } from './actions.ts';

/** The attribution windows that some action of a row was sent with. */
export type SeenWindows = ReadonlySet<string>;

/** Which windows the lists of a row show. Those that are zero everywhere are not sent at all. */
export function seenWindows(lists: readonly Actions[]): SeenWindows {
  const seen = new Set<string>();
  for (const actions of lists) {
    for (const action of actions.values()) {
      for (const window of action.windows.keys()) seen.add(window);
    }
  }
  return seen;
}

/**
 * The figure of one window: as sent; else 0 when windows were asked for; else null. That they were
 * asked for is seen from any window in the row. A wider click window holds the narrower ones, so one
 * that is nowhere in a row while a narrower one is was not asked for: null. Null too for an action
 * that has neither value nor windows, or whose windows could not be told (a sum of two types).
 */
export function windowOf(
  action: Action | null,
  window: AttributionWindow,
  seen: SeenWindows,
): string | null {
  const sent = action?.windows.get(window);
  if (sent !== undefined) return sent;
  if (!WINDOWS.some((known) => seen.has(known)) || wasLeftOut(window, seen)) return null;
  if (action === null || action.windows.size > 0) return '0';
  return action.value !== null && isZero(action.value) ? '0' : null;
}

const CLICKS: readonly AttributionWindow[] = ['1d_click', '7d_click', '28d_click'];

function wasLeftOut(window: AttributionWindow, seen: SeenWindows): boolean {
  const place = CLICKS.indexOf(window);
  const isNarrowerSeen = place > 0 && CLICKS.slice(0, place).some((one) => seen.has(one));
  return isNarrowerSeen && !seen.has(window);
}
