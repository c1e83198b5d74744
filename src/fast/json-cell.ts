import { jsonObject } from '../platforms/meta/pixel-events.ts';
import type { Figure, FigureList } from './figures.ts';

/** Every action that no count holds, as `otherActionsOf` writes them. */
export function otherActions(actions: FigureList): string {
  const members = new Map<string, string | null>();
  for (const figure of actions.all) {
    const { type } = figure;
    const isHeld = type.event >= 0 && (actions.found[type.event] ?? null) !== null;
    if (!isHeld && !type.isLinkClick) members.set(type.name, actionJson(figure));
  }
  return members.size === 0 ? '{}' : jsonObject(members);
}

function actionJson(figure: Figure): string {
  const { windows, amounts, value } = figure;
  const members = windows
    .map((window, at) => `"${window}":"${amounts[at]}"`)
    .sort((left, right) => (nameOf(left) < nameOf(right) ? -1 : 1));
  if (value !== null) members.unshift(`"value":"${value}"`);
  return `{${members.join(',')}}`;
}

function nameOf(member: string): string {
  return member.slice(1, member.indexOf('"', 1));
}

/** Counts by pixel event, as `pixelEventsOf` writes them. */
export function pixelEvents(actions: FigureList, conversions: FigureList): string {
  const counts = new Map<string, string | null>();
  let hasNamed = false;
  let together: Figure | null = null;
  for (const list of [actions, conversions]) {
    for (const figure of list.all) {
      const { type } = figure;
      if (type.isNamedCustom) hasNamed = true;
      if (type.isCustom && list === actions) together = figure;
      const name = type.pixelEvent;
      if (name !== null && !counts.has(name)) counts.set(name, numberText(figure));
    }
  }
  if (together !== null && !hasNamed) counts.set('Custom', numberText(together));
  return counts.size === 0 ? '{}' : jsonObject(counts);
}

/** JSON has no leading zeros; decimal text may. */
function numberText({ value }: Figure): string | null {
  return value === null ? null : value.replace(/^(-?)0+(?=\d)/, '$1');
}
