import type { JsonRow } from '../../duckdb/duckdb.ts';
import type { AccountSummary } from '../../summary.ts';
import type { AccountFigures, Answer } from '../figures.ts';
import { html, type Markup, type Part } from '../html.ts';
import { SECTIONS, type SectionName } from '../section.ts';
import type { ReportSpan } from '../span.ts';

/** Everything the report knows of one account. */
export interface AccountReport {
  readonly account: AccountSummary;
  readonly span: ReportSpan;
  readonly figures: AccountFigures;
}

/** What a part of the page is made from. */
export interface Parts extends AccountReport {
  /** Begins the ids of everything in the account's part of the page. */
  readonly id: string;
  /** ISO 4217 code, or empty when it is not known. */
  readonly currency: string;
  /** What commands about this lake need besides: ` --lake DIR`, or nothing. */
  readonly lakeOption: string;
}

/** What the parts of an account's page are made from. */
export function partsOf(report: AccountReport, lakeOption = ''): Parts {
  const { account } = report;
  return { ...report, id: `a${account.account_id}`, currency: account.currency ?? '', lakeOption };
}

/** A part of an account's page: its heading, what it shows, and where that comes from. */
export function accountPart(parts: Parts, name: SectionName, body: Part): Markup {
  return html`<section id="${parts.id}-${name}"><h3>${SECTIONS[name].title}</h3>${body}${sourceOf(parts, name)}</section>`;
}

/** The query, the same as a file, and the way of one figure back to the page it came on. */
function sourceOf(parts: Parts, name: SectionName): Markup {
  const { account, span } = parts;
  const csv = `npx adlake report --csv ${name} --account ${account.account_id} --since ${span.since} --until ${span.until}${parts.lakeOption}`;
  const traced = tracedOf(parts.figures.campaign_days);
  return html`<details class="source"><summary>Where these numbers come from</summary><p>They are the answer to <a href="#query-${name}">this query</a>. As a file for a spreadsheet: <code>${csv}</code></p>${traced === null ? null : html`<p>The way of one figure back to the answer it came in, here the spend of the campaign with most of it on its newest day: <code>npx adlake trace --campaign ${traced.campaignId} --date ${traced.date} --metric spend${parts.lakeOption}</code></p>`}</details>`;
}

/** The campaign with most spend on the newest day: a figure whose way is worth showing. */
function tracedOf({ rows }: Answer) {
  const newest = rows.reduce<string>((last, { date }) => maximum(last, String(date)), '');
  const spends = rows.filter(({ date }) => date === newest);
  const [first] = [...spends].sort((left, right) => Number(right.spend) - Number(left.spend));
  return first === undefined ? null : { campaignId: String(first.campaign_id), date: newest };
}

function maximum(left: string, right: string): string {
  return left > right ? left : right;
}

/** What stands in the place of a part that has nothing to show: why, and what to do. */
export function emptyState(why: string, next: Part): Markup {
  return html`<p class="empty">${why} ${next}</p>`;
}

/** A chart with what it shows above it and, where that needs words, a note below. */
export function picture(title: string, chart: Markup, note = ''): Markup {
  return html`<figure><h4>${title}</h4>${chart}${note === '' ? null : html`<figcaption>${note}</figcaption>`}</figure>`;
}

/** The one row of an answer that has one; empty when it has none. */
export function onlyRow({ rows }: Answer): JsonRow {
  return rows[0] ?? {};
}
