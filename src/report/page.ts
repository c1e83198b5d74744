import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT } from '../checkout.ts';
import { type AccountReport, accountSection } from './account-section.ts';
import { type QueryName, reportSql } from './figures.ts';
import { html, Markup } from './html.ts';
import { dataTable } from './table.ts';

/** What a page is made from. */
export interface ReportInput {
  readonly accounts: readonly AccountReport[];
  /** Whether the lake holds synthetic data of the sandbox. */
  readonly isSynthetic: boolean;
  /** An instant in UTC. */
  readonly madeAt: string;
  /** Where the tables are, for those who want to look closer. */
  readonly lake: string;
  /** What a person should know of the data: refused records, days behind. */
  readonly quality: ReadonlyArray<readonly [what: string, found: string]>;
}

/**
 * The whole report as one page that asks nothing of anybody: its style is inside, it has no script, and
 * its policy lets it load nothing.
 */
export function reportPage(input: ReportInput): string {
  const style = readFileSync(join(CHECKOUT, 'src', 'report', 'report.css'), 'utf8');
  const hash = createHash('sha256').update(style).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${titleOf(input)}</title>
<style>${new Markup(style)}</style>
</head>
<body>
${hatching()}
<header><h1>${titleOf(input)}</h1>
<p class="about">Made ${input.madeAt.slice(0, 16).replace('T', ' ')} UTC. Days are each account's own days.</p>
${input.isSynthetic ? html`<p class="notice">All data in this report is synthetic: it comes from the sandbox, and no account is real.</p>` : null}
${contents(input)}</header>
<main>${input.accounts.map(accountSection)}${input.accounts.length === 0 ? html`<p>The tables hold no account yet. Run <code>npm start</code> first.</p>` : null}</main>
${quality(input)}
${sources(input)}
</body>
</html>
`;
  return page.text;
}

function titleOf({ accounts }: ReportInput): string {
  const [first] = accounts;
  return first === undefined
    ? 'Ad report'
    : `Ad report, ${first.span.since} to ${first.span.until}`;
}

/** Bars of provisional days are hatched, which also those see who see no colours. */
function hatching(): Markup {
  return html`<svg class="defs" aria-hidden="true" width="0" height="0"><defs><pattern id="open" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="hatch" width="3" height="6"/></pattern></defs></svg>`;
}

function contents({ accounts }: ReportInput): Markup | null {
  if (accounts.length < 2) return null;
  const links = accounts.map(
    ({ account }) =>
      html`<li><a href="#a${account.account_id}"><bdi>${account.account_name}</bdi></a></li>`,
  );
  return html`<nav aria-label="Accounts"><ul>${links}</ul></nav>`;
}

function quality({ quality: found }: ReportInput): Markup {
  return html`<section><h2>The data</h2>${dataTable({ caption: 'State of the data', heads: ['What', 'Found'], rows: found })}</section>`;
}

const QUERIES: ReadonlyArray<readonly [QueryName, string]> = [
  ['days', 'Spend and ROAS, day by day'],
  ['campaigns', 'Campaigns, and what changed'],
  ['campaign_days', 'Spend a day of each campaign'],
  ['ads', 'Ads'],
  ['windows', 'Attribution, side by side'],
  ['funnel', 'From a click to a purchase'],
];

function sources({ lake }: ReportInput): Markup {
  const each = QUERIES.map(
    ([name, title]) =>
      html`<details><summary>${title}</summary><pre>${reportSql(name)}</pre></details>`,
  );
  return html`<section><h2>Where the numbers come from</h2>
<p>Every number here is the answer to one of these queries over the curated tables in <code>${lake}/zones/curated</code>. Ask them yourself with <code>adlake sql</code>; put the account and the days where a name begins with <code>$</code>.</p>${each}</section>`;
}
