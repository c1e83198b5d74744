import {
  type Action,
  type ActionSource,
  actionsOf,
  actionValuesOf,
  hasAny,
  isCustomEvent,
} from './action.ts';
import { ENGAGEMENT, type SplitAction, splitActions } from './action-split.ts';
import type { Campaign } from './campaign.ts';
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
  for (const [place, name] of source.query.windows.entries()) {
    const value = action.windows[place] ?? 0;
    if (value > 0) json[name] = write(value);
  }
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
  const { campaign } = row.ad;
  const known = settings.get(campaign) ?? settingOf(campaign);
  settings.set(campaign, known);
  return known;
}

/** Only speed hangs on it. */
const settings = new WeakMap<Campaign, string>();

function settingOf(campaign: Campaign): string {
  const [first, ...others] = new Set(adSetsOf(campaign).map((adSet) => adSet.attribution));
  return first !== undefined && others.length === 0 ? first : 'mixed';
}

/** Several fields of a row are made from the same actions. */
function actions(source: RowSource): readonly SplitAction[] {
  source.drawn.actions ??= made(source, actionsOf);
  return source.drawn.actions;
}

function values(source: RowSource): readonly SplitAction[] {
  source.drawn.values ??= made(source, actionValuesOf);
  return source.drawn.values;
}

function made(
  source: RowSource,
  draw: (source: ActionSource) => readonly Action[],
): readonly SplitAction[] {
  const { split } = source.query;
  const drawn = draw(actionSource(source));
  return split.length === 0 ? drawn : splitActions(drawn, split, source.row.ad).filter(hasAny);
}

function actionSource({ row, query }: RowSource): ActionSource {
  const offPlatform = query.family !== 'hour' && !query.breakdowns.includes('region');
  const inApps = query.split.length === 0;
  return { tally: row.tally, ad: row.ad, windows: query.windows, offPlatform, inApps };
}
