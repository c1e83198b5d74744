import {
  type Action,
  type ActionSource,
  actionsOf,
  actionValuesOf,
  isCustomEvent,
} from './action.ts';
import { ENGAGEMENT, type SplitAction, splitActions } from './action-split.ts';
import { ratioText } from './decimal.ts';
import { resultOf } from './purpose.ts';
import { moneyText, type RowSource, spendMajor, spendMinor, type Writer } from './row-source.ts';
import { adSetsOf } from './tree.ts';

/** The fields of a row that are made from its actions. */
export const ACTION_WRITERS: Readonly<Record<string, Writer>> = {
  actions: (source) => actions(source).map((action) => written(action, source, String)),
  action_values: (source) =>
    values(source).map((action) => written(action, source, (minor) => moneyText(source, minor))),
  conversions: (source) =>
    actions(source)
      .filter(({ type }) => isCustomEvent(type))
      .map((action) => written(action, source, String)),
  cost_per_action_type: costs,
  purchase_roas: (source) => roas(source, 'omni_purchase'),
  website_purchase_roas: (source) => roas(source, 'offsite_conversion.fb_pixel_purchase'),
  results,
  inline_post_engagement: (source) =>
    actions(source)
      .find(({ type }) => type === 'post_engagement')
      ?.value.toString(),
};

function results(source: RowSource): unknown {
  const { indicator } = resultOf(source.row.ad.campaign.plan.purpose);
  if (source.query.level === 'account') return undefined;
  const type = indicator.replace('actions:', '');
  const found = actions(source).find((action) => action.type === type && action.value > 0);
  if (found === undefined || hidesValue(found, source)) return [{ indicator }];
  const value = { value: String(found.value), attribution_windows: ['default'] };
  return [{ indicator, values: [value] }];
}

function costs(source: RowSource): unknown {
  const spend = spendMajor(source);
  if (spend === 0) return undefined;
  return actions(source)
    .filter((action) => action.value > 0 && !hidesValue(action, source))
    .map((action) => written(action, source, (value) => ratioText(spend, value)));
}

function roas(source: RowSource, type: string): unknown {
  const spend = spendMinor(source);
  if (spend === 0) return undefined;
  return values(source)
    .filter((action) => action.type === type && action.value > 0 && !hidesValue(action, source))
    .map((action) => written(action, source, (minor) => ratioText(minor, spend)));
}

/** Writes an action; a window without anything is left out, and so is a value that Meta hides. */
function written(
  action: SplitAction,
  source: RowSource,
  write: (value: number) => string | undefined,
): object {
  const json: Record<string, unknown> = { action_type: action.type, ...action.keys };
  if (!hidesValue(action, source)) json.value = write(action.value);
  for (const [name, value] of action.windows) if (value > 0) json[name] = write(value);
  return json;
}

/** Meta can leave out values that ad sets with different settings count differently. */
function hidesValue(action: Action, source: RowSource): boolean {
  const hides = source.query.hidesMixed && attributionSetting(source) === 'mixed';
  return hides && !ENGAGEMENT.has(action.type);
}

/** The attribution setting that a row's values follow; `mixed` when its ad sets differ. */
export function attributionSetting({ row, query }: RowSource): string {
  if (query.level === 'ad' || query.level === 'adset') return row.ad.adSet.attribution;
  if (query.level === 'account') return 'mixed';
  const settings = new Set(adSetsOf(row.ad.campaign).map((adSet) => adSet.attribution));
  return settings.size === 1 ? row.ad.adSet.attribution : 'mixed';
}

/** Several fields of a row are made from the same actions. Only speed hangs on it. */
const memory = {
  actions: new WeakMap<RowSource, readonly SplitAction[]>(),
  values: new WeakMap<RowSource, readonly SplitAction[]>(),
};

function actions(source: RowSource): readonly SplitAction[] {
  return made(memory.actions, source, actionsOf);
}

function values(source: RowSource): readonly SplitAction[] {
  return made(memory.values, source, actionValuesOf);
}

function made(
  known: WeakMap<RowSource, readonly SplitAction[]>,
  source: RowSource,
  draw: (source: ActionSource) => readonly Action[],
): readonly SplitAction[] {
  const before = known.get(source);
  if (before !== undefined) return before;
  const { split } = source.query;
  const drawn = draw(actionSource(source));
  const cut = split.length === 0 ? drawn.map(unsplit) : splitActions(drawn, split, source.row.ad);
  const found = cut.filter(hasAny);
  known.set(source, found);
  return found;
}

function unsplit(action: Action): SplitAction {
  return { ...action, keys: NO_KEYS };
}

const NO_KEYS = {};

/** A part of an action can be nothing. */
function hasAny({ value, windows }: Action): boolean {
  return value > 0 || [...windows.values()].some((count) => count > 0);
}

function actionSource({ row, query }: RowSource): ActionSource {
  const offPlatform = query.family !== 'hour' && !query.breakdowns.includes('region');
  const inApps = query.split.length === 0;
  return { tally: row.tally, ad: row.ad, windows: query.windows, offPlatform, inApps };
}
