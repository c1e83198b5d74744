import type { MissingPart } from '../../../landing/batch.ts';
import type { AskContext } from '../answer.ts';
import { landFound } from '../answer.ts';
import { wanted } from '../chosen.ts';
import type { BatchReply } from '../client.ts';
import type { MetaDataset } from '../datasets.ts';
import { fieldsOf } from '../fields.ts';
import type { Begun, PullContext } from '../pull-context.ts';
import { undatedQuestion } from '../pull-plan.ts';
import type { Work } from '../work.ts';
import { lostObjects, UNANSWERED } from './lost-objects.ts';
import type { ObjectDataset } from './seen-objects.ts';

/** Objects asked for by id in one run and dataset; the others follow with the next runs. */
export const MAX_LOST = 2_000;

/** Reasons told of one dataset: objects mostly have the same. */
const REASON_CHARACTERS = 200;

/**
 * Asks by id for campaigns, ad sets and ads that insights were about and no list has, deleted ones mostly:
 * insights of this pull, and of those before it that did not come as far. What can be read lands as a batch of its own; what cannot be is named in it,
 * keeps its figures, and is an unknown member in the tables. Throws what the client throws for the
 * account; never for a single object.
 */
export async function pullLost(context: PullContext, begun: Begun): Promise<void> {
  const { unsearched, ask, work } = begun;
  for (const dataset of wanted(begun.scope, 'entity')) {
    const name = dataset.name as ObjectDataset;
    const seen = [...ask.seen.of(name), ...unsearched.ids(name)];
    const lost = lostObjects({ ...begun.scope, dataset }, seen);
    const ids = lost.slice(0, MAX_LOST);
    if (ids.length > 0) await pullByIds(context, ask, { dataset, ids, work });
    if (ids.length === lost.length) unsearched.forget(name);
  }
}

async function pullByIds(
  context: PullContext,
  ask: AskContext,
  of: { readonly dataset: MetaDataset; readonly ids: readonly string[]; readonly work: Work },
): Promise<void> {
  const { dataset, ids } = of;
  const accountId = ask.accountId;
  const fields = fieldsOf(dataset).join(',');
  const about = { accountId, label: `${ids.length} ${dataset.name} by id, account ${accountId}` };
  const replies = await context.client.batch(
    ids.map((path) => ({ path, params: { fields } })),
    about,
  );
  const isUnread = (reply: BatchReply | undefined): boolean =>
    reply === undefined || (reply.kind !== 'page' && !FINAL.has(reply.refusal.kind));
  const silent = ids.filter((_, index) => isUnread(replies[index]));
  const unread = ids.filter(
    (_, index) => replies[index]?.kind !== 'page' && !isUnread(replies[index]),
  );
  const refused = replies.find((reply) => reply.kind !== 'page' && !isUnread(reply));
  const why = refused?.kind === 'page' ? '' : (refused?.refusal.complaint.message ?? '');
  const answered = landFound(ask, undatedQuestion(accountId, dataset), {
    objects: replies.flatMap((reply) => (reply.kind === 'page' ? [reply.bytes] : [])),
    fields: fieldsOf(dataset),
    missing: [...missingOf(dataset, unread, why), ...missingOf(dataset, silent, UNANSWERED)],
  });
  of.work.count(undatedQuestion(accountId, dataset), {
    ...answered,
    gaps: answered.gaps.filter(({ part }) => part.why === UNANSWERED),
  });
  if (unread.length === 0) return;
  context.input.progress.note(
    `${unread.length} of ${about.label} cannot be read any more; their figures stay, under an unknown name.`,
  );
}

/** Refusals that asking again does not change. */
const FINAL: ReadonlySet<string> = new Set(['missing', 'permission', 'refused']);

function missingOf(
  dataset: MetaDataset,
  ids: readonly string[],
  why: string,
): readonly MissingPart[] {
  if (ids.length === 0) return [];
  const scopeOf = (name: ObjectDataset) =>
    dataset.name === name ? ({ kind: 'in', ids } as const) : ({ kind: 'all' } as const);
  return [
    {
      campaigns: scopeOf('campaigns'),
      ad_sets: scopeOf('ad_sets'),
      ads: scopeOf('ads'),
      fields: null,
      why: why.slice(0, REASON_CHARACTERS),
    },
  ];
}
