import { memberOf } from '../../json.ts';
import { readRecords } from '../../landing/page.ts';
import type { MetaDataset } from './datasets.ts';
import { type Begun, leavingOut, type PullContext, pagesOf } from './pull-context.ts';
import { arePixelsDue, pixelQuestions } from './pull-plan.ts';
import { pixelListQuery } from './requests.ts';

/** One account and the dataset that its pixels fill. */
export interface PixelPull extends Begun {
  readonly dataset: MetaDataset;
}

/**
 * Lists the account's pixels and lands the statistics of each as a batch of its own. For an account
 * without pixels the empty list is landed, so that it is not asked for again on the same day.
 */
export async function pullPixels(context: PullContext, pull: PixelPull): Promise<void> {
  const { scope, dataset, account, work } = pull;
  if (!arePixelsDue(scope, dataset)) return;
  const query = pixelListQuery(scope.accountId);
  const about = { accountId: scope.accountId, label: `the pixels of account ${scope.accountId}` };
  const pages = await work.turn(() => pagesOf(context, query, about));
  const pixelIds = pages.flatMap((page) => idsIn(dataset, page.bytes));
  const from = {
    dataset,
    pixelIds: pixelIds.length > 0 ? pixelIds : [null],
    timezone: account.timezone,
  };
  const questions = pixelQuestions(scope, from);
  if (pixelIds.length > 0) {
    // An account may list pixels whose statistics its token may not read: the others still count.
    return work.ask(questions, leavingOut(context, 'This pixel'));
  }
  const isListed = pages.some((page) => page.rows > 0);
  if (!isListed) for (const question of questions) work.land(question, pages);
  else
    context.input.progress.warn(
      `${about.label} came with ids that are no text; they are left out.`,
    );
}

/** Only ids that were sent as text: a number has lost digits on its way. */
function idsIn(dataset: MetaDataset, bytes: Buffer): readonly string[] {
  const content = readRecords(dataset, bytes);
  return (content.ok ? content.records : [])
    .map((text) => /^"(\d+)"$/.exec(memberOf(text, 'id') ?? '')?.[1] ?? '')
    .filter((id) => id !== '');
}
