import { type Alert, subjectText } from './alerts/alert.ts';
import type { Delivery } from './alerts/delivery.ts';
import { counted, readable, readableChange, readableCount } from './amount.ts';
import { CHECKOUT } from './checkout.ts';
import { gapText, notAskedText } from './platforms/meta/left-out.ts';
import type { StageReport } from './run.ts';
import { type AccountChange, isIdle, type RunRecord } from './run-record.ts';
import { addedAndCombined } from './stage.ts';
import type { ExtractSummary } from './stages/api-to-landing.ts';
import type { AccountSummary } from './summary.ts';
import { formatTable } from './text-table.ts';
import { zoneDir } from './zone.ts';

/** The end of a run in plain words, for standard error. Ends with a newline. */
export function reportRun(record: RunRecord): string {
  const parts = [
    isIdle(record) ? 'Nothing was due: everything is up to date.\n' : '',
    record.extract === null ? '' : pulled(record.extract),
    record.stages.length === 0 ? '' : stageTable(record.stages),
    quarantined(record),
    qualityText(record),
    warningsText(record),
    accountsText(record),
    alertsText(record),
    changesText(record),
    notesText(record),
    whereText(record),
  ];
  return `\n${parts.filter((part) => part !== '').join('\n')}`;
}

/** What stages did, as a table; with a line that says whether the rows add up. */
export function stageTable(stages: readonly StageReport[]): string {
  const rows = stages.map(({ stage, counts, done, fresh, filesWritten, seconds }) => [
    stage,
    ...[done, fresh, counts.in, ...addedAndCombined(counts), counts.out].map(readableCount),
    ...[counts.quarantined, counts.superseded, counts.withdrawn, filesWritten].map(readableCount),
    seconds.toFixed(1),
  ]);
  const heads = [
    'stage',
    ...['done', 'fresh', 'rows in', 'added', 'combined', 'rows out'],
    ...['quarantined', 'superseded', 'withdrawn', 'files', 'seconds'],
  ];
  return `${formatTable(heads, rows)}Every row is accounted for: in + added = combined + out + quarantined + superseded + withdrawn.\n`;
}

function pulled(extract: ExtractSummary): string {
  const lines = [
    extract.calls === 0
      ? 'Pulled nothing: every answer of today is already there.'
      : `Pulled ${counted(extract.rows, 'row')} in ${counted(extract.batches, 'answer')} with ${counted(extract.calls, 'request')}.`,
    ...(extract.callsSaved > 0
      ? [
          `Campaigns that sleep were left out: about ${counted(extract.callsSaved, 'request')} saved, ${readableCount(extract.callsByName)} spent on looking after them.`,
        ]
      : []),
    ...waitingLines(extract),
    ...extract.accounts.flatMap(missingText),
  ];
  return `${lines.join('\n')}\n`;
}

/** That something is asked for weekly. Records of before there was such a thing say nothing of it. */
function waitingLines({ accounts }: ExtractSummary): readonly string[] {
  const waiters = accounts.filter(({ waiting }: Waiter) => (waiting ?? []).length > 0);
  if (waiters.length === 0) return [];
  return [
    `Totals by account and campaign are all of today. Older details of ${counted(waiters.length, 'account')} are asked for once a week: \`adlake status\` says which, and when.`,
  ];
}

type Waiter = Partial<Pick<ExtractSummary['accounts'][number], 'waiting'>>;

/** Who was left out, which days, and why. */
function missingText(account: ExtractSummary['accounts'][number]): readonly string[] {
  const { account_id, error, gaps, notAsked } = account;
  const left = notAsked.length === 0 ? '' : ` ${notAskedText(notAsked)}`;
  const shown = gaps.slice(0, MOST_GAPS).map((gap) => `  ${gapText(gap)}`);
  const more = gaps.length - shown.length;
  return [
    ...(error === undefined
      ? []
      : [`NOT COMPLETE: account ${account_id}: ${error.message} ${error.remedy}${left}`]),
    ...(gaps.length === 0
      ? []
      : [
          `NOT GIVEN by Meta for account ${account_id}, however little was asked for at once. What was known stays, and the next run asks again:`,
          ...shown,
          ...(more > 0 ? [`  and ${readableCount(more)} more, see \`--json\``] : []),
        ]),
  ];
}

/** Gaps that are told one by one. */
const MOST_GAPS = 10;

function quarantined(record: RunRecord): string {
  const { held, refused, read, share } = record.quarantine;
  if (held === 0 && refused === 0) return '';
  const ofRun =
    refused === 0
      ? 'none of this run'
      : `${readableCount(refused)} of the ${counted(read, 'record')} of this run (${percent(share)})`;
  return `In quarantine: ${counted(held, 'record')}, ${ofRun}. See \`adlake quarantine list\`.\n`;
}

/** Records of before the tables were judged have no quality. */
function qualityText({ quality }: Partial<RunRecord>): string {
  if (quality === null || quality === undefined || quality.failing.length === 0) return '';
  const names = [...new Set(quality.failing.map(({ check_name }) => check_name))];
  const shown = names.slice(0, MOST_CHECKS).join(', ');
  const more = names.length > MOST_CHECKS ? ` and ${names.length - MOST_CHECKS} more` : '';
  return `Quality: ${counted(names.length, 'check')} ${names.length === 1 ? 'does' : 'do'} not hold: ${shown}${more}. See \`adlake quality\`.\n`;
}

const MOST_CHECKS = 5;

function warningsText({ warnings }: RunRecord): string {
  return warnings.map(({ what, remedy }) => `WARNING: ${what}. ${remedy}\n`).join('');
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}

function accountsText(record: RunRecord): string {
  if (record.accounts.length === 0) return '';
  const lines = record.accounts.flatMap(accountLines);
  const head =
    record.source === 'sandbox'
      ? 'Accounts (SYNTHETIC DATA), last 28 complete days:'
      : 'Accounts, last 28 complete days:';
  return `${[head, ...lines].join('\n')}\n`;
}

function accountLines(account: AccountSummary): readonly string[] {
  const { last_28_days: figures, currency, settled_until } = account;
  const span = figures.until === null ? 'no days yet' : `${figures.since} to ${figures.until}`;
  const roas = figures.roas === null ? 'none (no spend)' : figures.roas.toFixed(2);
  const purchases = figures.conversions === null ? 'unknown' : readable(figures.conversions);
  const settled = settled_until === null ? 'nothing settled yet' : `settled until ${settled_until}`;
  return [
    `  ${account.account_name} (${account.account_id}), ${span}`,
    `    spend ${money(figures.spend, currency)}, ${purchases} purchases, ROAS ${roas}, ${settled}`,
    ...(account.all_days.spend_usd_note === null
      ? []
      : [`    some amounts in US dollars are empty: ${account.all_days.spend_usd_note}`]),
  ];
}

/** So many new alerts are told; the others are counted. */
const MOST_ALERTS = 5;

function alertsText({ alerts }: RunRecord): string {
  if (alerts === null || (alerts.current.length === 0 && alerts.deliveries.length === 0)) return '';
  const fresh = alerts.current.filter(({ alert_id }) => alerts.new_ids.includes(alert_id));
  const open = alerts.current.filter(({ state }) => state === 'open').length;
  const more = fresh.length - MOST_ALERTS;
  return `${[
    `Alerts: ${readableCount(open)} open, ${readableCount(fresh.length)} new. See \`adlake alerts\`.`,
    ...fresh.slice(0, MOST_ALERTS).map(alertLine),
    ...(more > 0 ? [`  and ${readableCount(more)} more that are new`] : []),
    ...alerts.deliveries.map(deliveryLine),
  ].join('\n')}\n`;
}

function alertLine(alert: Alert): string {
  return `  ${alert.severity.toUpperCase()}: ${subjectText(alert)}, since ${alert.opened_on}: ${alert.what}`;
}

function deliveryLine({ sink, alerts, failure }: Delivery): string {
  return failure === null
    ? `  Sent to ${sink}: ${counted(alerts, 'alert')}.`
    : `  WARNING: ${sink} did not take ${counted(alerts, 'alert')}: ${failure}. The next run tries again.`;
}

function money(text: string | null, currency: string | null): string {
  return text === null ? 'unknown' : readable(text, currency ?? '(currency unknown)');
}

function changesText(record: RunRecord): string {
  if (record.changes === null || record.changes.accounts.length === 0 || isIdle(record)) return '';
  const lines = record.changes.accounts.map((change) => `  ${change.account_id}: ${moved(change)}`);
  return `${[`Changed since the last run (${record.changes.since}), all days:`, ...lines].join('\n')}\n`;
}

function moved(change: AccountChange): string {
  if (change.is_new) return 'new in the lake';
  const parts = [
    ...amountMoved('spend', change.spend, change.currency),
    ...amountMoved('purchases', change.conversions, null),
    ...amountMoved('purchase value', change.purchase_value, change.currency),
    ...(change.settled_until === change.settled_until_before
      ? []
      : [
          `settled until ${change.settled_until}, before ${change.settled_until_before ?? 'nothing'}`,
        ]),
  ];
  return parts.length === 0 ? 'no figure changed' : parts.join(', ');
}

function amountMoved(
  name: string,
  difference: string | null,
  currency: string | null,
): readonly string[] {
  if (difference === null || difference === '0') return [];
  return [`${name} ${readableChange(difference, currency)}`];
}

/** More would hide the rest; the manifest has all of them. */
const SHOWN_NOTES = 12;

function notesText(record: RunRecord): string {
  const notes = [...new Set(record.stages.flatMap((stage) => stage.notes))];
  if (notes.length === 0) return '';
  const more = notes.length - SHOWN_NOTES;
  const lines = notes.slice(0, SHOWN_NOTES).map((note) => `  ${note}`);
  const rest = more > 0 ? [`  and ${more} more, see cache/runs/${record.run_id}.json`] : [];
  return `${['Worth knowing:', ...lines, ...rest].join('\n')}\n`;
}

function whereText(record: RunRecord): string {
  const lake = record.lake === CHECKOUT ? '' : ` --lake ${quoted(record.lake)}`;
  const query =
    'select campaign_name, round(total_spend_usd, 2) as spend_usd, total_conversions, round(roas, 2) as roas from metaads_campaigns_daily order by spend_usd desc limit 10';
  return [
    ...(record.report === null ? [] : reportLines(record.report)),
    `Tables: ${zoneDir({ home: record.lake }, 'curated')}`,
    `Try:    npx adlake sql${lake} "${query}"`,
    '',
  ].join('\n');
}

/** The page, and the workbook that is written beside it. */
function reportLines(page: string): readonly string[] {
  return [
    `Report: ${page} (open it in a browser)`,
    `        ${page.replace(/\.html$/, '.xlsx')} (the same as a workbook, with charts)`,
  ];
}

function quoted(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
