import type { Action } from './action.ts';
import { invalid } from './graph-error.ts';
import { names } from './name-block.ts';
import type { Ad } from './tree.ts';

/** An action breakdown that the sandbox serves beside `action_type`. */
export type ActionSplit = (typeof SPLITS)[number];

/** An action with the values of its breakdowns; none where Meta gives none, or none were asked for. */
export interface SplitAction extends Action {
  readonly keys?: Readonly<Record<string, string>>;
}

const SPLITS = [
  'action_device',
  'action_destination',
  'action_target_id',
  'action_reaction',
] as const;
const ACCEPTED = names(`
  action_canvas_component_name action_carousel_card_id action_carousel_card_name action_destination
  action_device action_reaction action_target_id action_type action_video_sound action_video_type
  conversion_destination is_business_ai_assisted matched_persona_id matched_persona_name
  signal_source_bucket standard_event_content_type
`);

/** What happens on Meta itself counts the same under every setting, and is known in every part. */
export const ENGAGEMENT: ReadonlySet<string> = names(`
  link_click post_reaction comment post onsite_conversion.post_save landing_page_view
  omni_landing_page_view like video_view post_engagement page_engagement
`);

/** Values of a breakdown and their shares in percent. */
type Shares = readonly (readonly [value: string, percent: number])[];

/** The action breakdown of a name. Throws a `GraphError` (100) for one that is not served. */
export function actionSplit(name: string): ActionSplit {
  const split = SPLITS.find((known) => known === name);
  if (split !== undefined) return split;
  throw ACCEPTED.has(name)
    ? invalid(`action_breakdowns ${name} is not served by the sandbox.`)
    : invalid(`action_breakdowns must be one of the following values: ${[...ACCEPTED].join(', ')}`);
}

/**
 * Cuts actions by breakdowns of the second type. Those on Meta itself are cut; those on a website
 * come whole, without the value of the breakdown. Source: Meta, Insights breakdowns.
 */
export function splitActions(
  actions: readonly Action[],
  splits: readonly ActionSplit[],
  ad: Ad,
): readonly SplitAction[] {
  return splits.reduce<readonly SplitAction[]>(
    (cut, split) => cut.flatMap((action) => cutBy(action, split, ad)),
    actions.map((action) => ({ ...action, keys: {} })),
  );
}

function cutBy(action: SplitAction, split: ActionSplit, ad: Ad): readonly SplitAction[] {
  const shares = sharesOf(action.type, split, ad);
  let before = 0;
  return shares.map(([value, percent]) => {
    const part = (whole: number): number =>
      Math.floor((whole * (before + percent)) / 100) - Math.floor((whole * before) / 100);
    const windows = action.windows.map(part);
    const cut = { ...action, value: part(action.value), windows };
    before += percent;
    return value === '' ? cut : { ...cut, keys: { ...action.keys, [split]: value } };
  });
}

function sharesOf(type: string, split: ActionSplit, ad: Ad): Shares {
  const onMeta = ENGAGEMENT.has(type) || type.startsWith('onsite_conversion.');
  if (!onMeta) return WHOLE;
  switch (split) {
    case 'action_device':
      return [
        ['iphone', 41],
        ['android_smartphone', 37],
        ['desktop', 22],
      ];
    case 'action_destination':
      return type === 'link_click' ? [['synthetic.example', 100]] : WHOLE;
    case 'action_target_id':
      return [[ad.creativeId, 100]];
    case 'action_reaction':
      return type === 'post_reaction'
        ? [
            ['like', 80],
            ['love', 15],
            ['wow', 5],
          ]
        : WHOLE;
  }
}

const WHOLE: Shares = [['', 100]];
