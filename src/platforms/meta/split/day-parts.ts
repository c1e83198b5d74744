import type { MissingPart } from '../../../landing/batch.ts';
import type { CallContext, Declined } from '../client.ts';
import type { InsightLevel } from '../datasets.ts';
import { fieldsOf } from '../fields.ts';
import { type BringContext, type Brought, bring } from '../report/bring.ts';
import { type Question, queryOf } from '../requests.ts';
import { type AnswerPage, HeldPages, type PageSink } from '../walk.ts';
import { ComposedPage } from './composed-page.ts';
import { halve, halvesOf, type KnownObjects, type Part } from './part.ts';

/** What is needed to ask for a day in parts. */
export interface DayContext {
  readonly question: Question;
  readonly level: InsightLevel;
  readonly known: KnownObjects;
  /** All but where the rows go. */
  readonly bring: Omit<BringContext, 'sink'>;
  /** A place for pages; `undo` takes back what has been put since the place was made. */
  readonly place: () => PageSink;
}

/** What asking in parts came to. */
export interface DayParts {
  readonly missing: readonly MissingPart[];
}

/** Requests for the parts of one day. With 6,000 ads, one that cannot be had is found in 60. */
export const MAX_PARTS = 400;

/** Rows a page of a part: what was too much as a whole is not tried with the longest pages again. */
const PART_LIMIT = 100;

/**
 * Asks for a day that is too much in halves of its objects, and halves of these, until each part comes
 * or cannot be halved; then in halves of its fields. What does not come even so is `missing`; all else
 * is in the sink. Never asks for one object after the other: a part that comes is not halved.
 */
export async function bringDay(context: DayContext, refusal: Declined): Promise<DayParts> {
  const missing: MissingPart[] = [];
  const budget = { left: MAX_PARTS };
  const whole: Part = {
    campaigns: context.question.campaigns,
    adSets: EVERY,
    ads: EVERY,
    fields: null,
  };
  const open: { readonly part: Part; readonly refusal: Declined }[] = [{ part: whole, refusal }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const halves = halve(next.part, context.level, context.known);
    if (halves === null || budget.left <= 0) {
      missing.push(...(await bringFields(context, { ...next, budget })));
      continue;
    }
    for (const part of halves) {
      budget.left--;
      const brought = await bringPart(context, part, context.place());
      if (brought.kind === 'declined') open.push({ part, refusal: brought.refusal });
    }
  }
  return { missing };
}

const EVERY = { kind: 'all' } as const;

interface Leaf {
  readonly part: Part;
  readonly refusal: Declined;
  readonly budget: { left: number };
}

/**
 * Rows of a part with their fields asked for in halves. First the fewest that make a row, because
 * without them there is no use in trying the others.
 */
async function bringFields(context: DayContext, leaf: Leaf): Promise<readonly MissingPart[]> {
  const { dataset } = context.question;
  const names = fieldsOf(dataset).filter((name) => KEY_FIELDS.has(name));
  const others = fieldsOf(dataset).filter((name) => !KEY_FIELDS.has(name));
  const composed = new ComposedPage(dataset);
  const first = leaf.budget.left > 0 ? await heldFields(context, leaf, [...names, FIRST]) : null;
  if (first === null) return [missingOf(leaf, null)];
  composed.add(first, [FIRST]);
  const lost: string[] = [];
  const lostByRow = new Set<string>();
  const open: (readonly string[])[] = [others.filter((name) => name !== FIRST)];
  for (let fields = open.pop(); fields !== undefined; fields = open.pop()) {
    const pages =
      leaf.budget.left > 0 ? await heldFields(context, leaf, [...names, ...fields]) : null;
    if (pages !== null) for (const name of composed.add(pages, fields)) lostByRow.add(name);
    else if (fields.length === 1 || leaf.budget.left <= 0) lost.push(...fields);
    else open.push(...halvesOf(fields));
  }
  const page = composed.page(lost.sort());
  if (page.rows > 0) context.place().put(page);
  const without = [...new Set([...lost, ...lostByRow])].sort();
  return without.length === 0 || page.rows === 0 ? [] : [missingOf(leaf, without)];
}

/** What makes a row a row: asked for with every part of the fields. */
const KEY_FIELDS: ReadonlySet<string> = new Set([
  'account_id',
  'account_currency',
  'campaign_id',
  'adset_id',
  'ad_id',
]);

/** The cheapest figure there is. */
const FIRST = 'impressions';

async function heldFields(
  context: DayContext,
  { part, budget }: Leaf,
  fields: readonly string[],
): Promise<readonly AnswerPage[] | null> {
  budget.left--;
  const sink = new HeldPages();
  const brought = await bringPart(context, { ...part, fields }, sink);
  return brought.kind === 'whole' ? sink.pages : null;
}

async function bringPart(context: DayContext, part: Part, sink: PageSink): Promise<Brought> {
  const whole = queryOf({ ...context.question, campaigns: part.campaigns, part });
  const query = { ...whole, params: { ...whole.params, limit: String(PART_LIMIT) } };
  const about: CallContext = context.bring.about;
  const how = { way: 'pages', mayReport: false } as const;
  const brought = await bring(query, how, { ...context.bring, about, sink });
  if (brought.kind === 'declined') sink.clear();
  return brought;
}

function missingOf({ part, refusal }: Leaf, fields: readonly string[] | null): MissingPart {
  const { campaigns, adSets, ads } = part;
  return { campaigns, ad_sets: adSets, ads, fields, why: refusal.complaint.message };
}
