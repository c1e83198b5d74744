import type { Action, Actions } from './actions.ts';
import type { Found } from './events.ts';
import { jsonObject } from './pixel-events.ts';

/**
 * Every action that no count column holds, as JSON text with sorted keys:
 * `{"like":{"value":"3","7d_click":"3"}}`, figures as sent. Other names of an event whose column has
 * a count are held by it; where the column found nothing, they are kept here.
 */
export function otherActionsOf(actions: Actions, found: readonly (Found | null)[]): string {
  const held = new Set(found.flatMap((event) => event?.holds ?? []));
  const rest = [...actions].filter(([type]) => !held.has(type) && type !== LINK_CLICK);
  return jsonObject(new Map(rest.map(([type, action]) => [type, actionJson(action)])));
}

/** The cascade of link clicks looks at it; outbound clicks have a field of their own. */
const LINK_CLICK = 'link_click';

function actionJson(action: Action): string {
  const windows = [...action.windows].sort(([left], [right]) => (left < right ? -1 : 1));
  const members = [['value', action.value] as const, ...windows].filter(
    ([, text]) => text !== null,
  );
  return `{${members.map(([name, text]) => `${JSON.stringify(name)}:"${text}"`).join(',')}}`;
}
