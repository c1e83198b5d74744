import { explainActivity, listActivity } from '../activity/view.ts';
import { formatTable } from '../text-table.ts';
import { type CommandContext, type Typed, usage } from './context.ts';
import { checkAccounts } from './stage.ts';

/** `adlake activity list`: where every campaign stands, by account and id. */
export async function activityList(context: CommandContext, _typed: Typed): Promise<number> {
  checkAccounts(context);
  const found = listActivity(context.lake, context.selection.accounts, viewOf(context));
  if (context.isJson) {
    context.print(`${JSON.stringify(found, null, 2)}\n`);
    return 0;
  }
  if (found.length === 0) {
    context.tell('Nothing is known of any campaign yet. Pull first: `adlake run`.');
    return 0;
  }
  const rows = found.map((line) => [
    line.account_id,
    line.campaign_id,
    line.state,
    line.since,
    line.last_delivery ?? 'never',
    onOneLine(line.campaign_name ?? ''),
  ]);
  const heads = ['account', 'campaign', 'state', 'since', 'last delivery', 'name'];
  context.print(formatTable(heads, rows));
  return 0;
}

/** `adlake activity explain ID`: why a campaign is asked for or left out, as a paragraph. */
export async function activityExplain(context: CommandContext, typed: Typed): Promise<number> {
  const id = typed.args[0] ?? '';
  const text = explainActivity(context.lake, id, viewOf(context));
  if (text === null) {
    throw usage(
      `No campaign ${JSON.stringify(id)} has landed.`,
      '`adlake activity list` shows every campaign with its id.',
    );
  }
  const json = { campaign_id: id, explanation: text };
  context.print(context.isJson ? `${JSON.stringify(json, null, 2)}\n` : `${text}\n`);
  return 0;
}

function viewOf(context: CommandContext) {
  const thresholdDays = context.config.meta.inactiveThresholdDays;
  return { today: context.today, settings: { thresholdDays } };
}

/** Names may hold line breaks and characters that a terminal would obey. */
export function onOneLine(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ');
}
