import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT } from '../checkout.ts';
import { accountPage } from './account-page.ts';
import type { LakeFigures } from './figures.ts';
import { html, Markup, type Part } from './html.ts';
import { type Judged, type Quality, qualityPart } from './quality.ts';
import { SECTION_NAMES, SECTIONS, sectionSql } from './section.ts';
import { alertList } from './sections/alerts.ts';
import { channels } from './sections/channels.ts';
import { credit } from './sections/credit.ts';
import type { AccountReport } from './sections/part.ts';
import type { ReportSpan } from './span.ts';

/** What a page is made from. */
export interface ReportInput {
  readonly accounts: readonly AccountReport[];
  /** What is about the lake as a whole, over the days of all accounts; null when there is no account. */
  readonly whole: { readonly figures: LakeFigures; readonly span: ReportSpan } | null;
  /** Whether the lake holds synthetic data of the sandbox. */
  readonly isSynthetic: boolean;
  /** An instant in UTC. */
  readonly madeAt: string;
  /** Where the tables are, for those who want to look closer. */
  readonly lake: string;
  readonly quality: Quality;
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
<main>${lakeAlerts(input)}${input.accounts.map((each) => accountPage(each, lakeOption(input)))}${input.accounts.length === 0 ? html`<p class="empty">The tables hold no account yet. Run <code>npm start</code> first.</p>` : null}
${wholeLake(input)}
${qualityPart(input.quality, judgedOf(input))}
${sources(input)}</main>
</body>
</html>
`;
  return page.text;
}

/** The lake of the checkout is the one that commands mean when they name none. */
function lakeOption({ lake }: ReportInput): string {
  if (lake === CHECKOUT) return '';
  return ` --lake ${/^[\w@%+=:,./-]+$/.test(lake) ? lake : `'${lake.replaceAll("'", "'\\''")}'`}`;
}

/** Only when there is one: it concerns everything below it. */
function lakeAlerts({ whole }: ReportInput): Markup | null {
  const open = whole?.figures.lake_alerts.rows.filter(({ state }) => state !== 'resolved') ?? [];
  if (open.length === 0) return null;
  return html`<section id="lake_alerts"><h2>${SECTIONS.lake_alerts.title}</h2>${alertList(open)}</section>`;
}

function wholeLake(input: ReportInput): Part {
  const { whole } = input;
  if (whole === null) return null;
  const { figures, span } = whole;
  const option = lakeOption(input);
  return [
    channels(figures.channels, span, option),
    credit(figures.credit, figures.journeys, option),
  ];
}

function judgedOf({ whole }: ReportInput): Judged {
  return {
    checks: whole?.figures.checks.rows ?? [],
    scores: whole?.figures.scores.rows ?? [],
  };
}

function titleOf({ accounts }: ReportInput): string {
  const [first] = accounts;
  return first === undefined
    ? 'Ad report'
    : `Ad report, ${first.span.since} to ${first.span.until}`;
}

/** Bars that are hatched or dotted: also those see the difference who see no colours. */
function hatching(): Markup {
  return html`<svg class="defs" aria-hidden="true" width="0" height="0"><defs><pattern id="open" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="hatch" width="3" height="6"/></pattern></defs></svg>`;
}

function contents({ accounts, whole }: ReportInput): Markup | null {
  const links = accounts.map(
    ({ account }) =>
      html`<li><a href="#a${account.account_id}"><bdi>${account.account_name}</bdi></a></li>`,
  );
  const rest = [
    ...(whole === null ? [] : (['channels', 'credit'] as const)).map(
      (name) => [name, SECTIONS[name].title] as const,
    ),
    ['data', 'The data'],
    ['queries', 'Where the numbers come from'],
  ].map(([id = '', title = '']) => html`<li><a href="#${id}">${title}</a></li>`);
  return html`<nav aria-label="Contents"><ul>${links}${rest}</ul></nav>`;
}

function sources(input: ReportInput): Markup {
  const option = lakeOption(input);
  const each = SECTION_NAMES.map(
    (name) =>
      html`<details id="query-${name}"><summary>${SECTIONS[name].title} <small>${name}</small></summary><p class="about">${SECTIONS[name].about}</p><pre>${sectionSql(name)}</pre></details>`,
  );
  return html`<section id="queries"><h2>Where the numbers come from</h2>
<p>Every number here is the answer to one of these queries over the curated tables in <code>${input.lake}/zones/curated</code>. Ask them yourself with <code>npx adlake sql${option}</code>: put the account and the days where a name begins with <code>$</code>. Or take the answer as a file: <code>npx adlake report --csv campaigns${option}</code>. A figure of a day has a way back through every zone to the answer it came in: <code>npx adlake trace --campaign ID --date DAY${option}</code>, with every version that was ever received.</p>${each}</section>`;
}
