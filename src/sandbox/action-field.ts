import {
  type Action,
  type ActionSource,
  actionsOf,
  actionValuesOf,
  customEventsOf,
} from './action.ts';
import { ratioText } from './decimal.ts';
import { resultOf } from './purpose.ts';
import { moneyText, type RowSource, spendMajor, spendMinor, type Writer } from './row-source.ts';

/** The fields of a row that are made from its actions. */
export const ACTION_WRITERS: Readonly<Record<string, Writer>> = {
  actions: (source) => actions(source).map((action) => written(action, String)),
  action_values: (source) =>
    values(source).map((action) => written(action, (minor) => moneyText(source, minor))),
  conversions: (source) =>
    customEventsOf(actionSource(source)).map((action) => written(action, String)),
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
  if (found === undefined) return [{ indicator }];
  const value = { value: String(found.value), attribution_windows: ['default'] };
  return [{ indicator, values: [value] }];
}

function costs(source: RowSource): unknown {
  const spend = spendMajor(source);
  if (spend === 0) return undefined;
  return actions(source)
    .filter(({ value }) => value > 0)
    .map((action) => written(action, (value) => ratioText(spend, value)));
}

function roas(source: RowSource, type: string): unknown {
  const spend = spendMinor(source);
  if (spend === 0) return undefined;
  return values(source)
    .filter((action) => action.type === type && action.value > 0)
    .map((action) => written(action, (minor) => ratioText(minor, spend)));
}

/** Writes an action; a window without anything is left out, `value` is always there. */
function written(action: Action, write: (value: number) => string | undefined): object {
  const json: Record<string, unknown> = { action_type: action.type, value: write(action.value) };
  for (const [name, value] of action.windows) if (value > 0) json[name] = write(value);
  return json;
}

function actions(source: RowSource): readonly Action[] {
  return actionsOf(actionSource(source));
}

function values(source: RowSource): readonly Action[] {
  return actionValuesOf(actionSource(source));
}

function actionSource({ row, query }: RowSource): ActionSource {
  const offPlatform = query.family !== 'hour' && !query.breakdowns.includes('region');
  return { tally: row.tally, ad: row.ad, windows: query.windows, offPlatform };
}
