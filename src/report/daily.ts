import { roasOf, type Totals, totalsOf } from './change.ts';
import { change, count, figure, money, ratio, UNKNOWN } from './number.ts';
import { type ReportOptions, readReport } from './report.ts';
import { type AccountReport, type Parts, partsOf } from './sections/part.ts';

/** The short form of the report: as text for a terminal or a mail, and for machines. */
export interface DailyReport {
  /** Says what it is about; fits the subject of a mail. */
  readonly subject: string;
  readonly text: string;
  readonly json: object;
}

const MOST_CAMPAIGNS = 5;

/** Totals, ROAS, the campaigns with most spend, alerts and what to do, for each account; a page of text. */
export async function dailyReport(options: ReportOptions): Promise<DailyReport> {
  const { accounts, isSynthetic } = await readReport(options);
  const mark = isSynthetic ? ' (SYNTHETIC DATA)' : '';
  const last = accounts
    .map(({ span }) => span.until)
    .sort()
    .at(-1);
  const subject = `Ad report${last === undefined ? '' : ` to ${last}`}${mark}`;
  const blocks = accounts.map((report) => accountText(partsOf(report)));
  const none = 'The tables hold no account yet. Run `adlake run` first.';
  const text = `${[subject, ...(blocks.length === 0 ? [none] : blocks), END].join('\n\n')}\n`;
  return { subject, text, json: { subject, accounts: accounts.map(accountJson) } };
}

const END = 'All of it, with the reasons: `adlake report`.';

function accountText(parts: Parts): string {
  const { account, span, currency } = parts;
  const [now, before] = totalsIn(parts);
  const days = parts.figures.days.rows.length;
  return [
    `${account.account_name} (${account.account_id})`,
    `  Amounts in ${currency === '' ? 'an unknown currency' : currency}, days of ${account.timezone}, ${span.since} to ${span.until}`,
    `  Spend      ${money(now.spend, currency)}${against(now.spend, before.spend)}`,
    `  Purchases  ${count(now.conversions)}${against(now.conversions, before.conversions)}`,
    `  Value      ${money(now.purchase_value, currency)}${against(now.purchase_value, before.purchase_value)}`,
    `  ROAS       ${ratio(roasOf(now))}${against(roasOf(now), roasOf(before))}`,
    ...newestDay(parts),
    ...(days === 0 ? ['  The lake holds no day of this span.'] : topCampaigns(parts)),
    ...alertsText(parts),
    ...adviceText(parts),
  ].join('\n');
}

function totalsIn({ figures }: AccountReport): readonly [now: Totals, before: Totals] {
  return [totalsOf(figures.campaigns.rows, ''), totalsOf(figures.campaigns.rows, '_before')];
}

function against(now: number | null, before: number | null): string {
  const moved = change(now, before);
  return moved === UNKNOWN ? '' : ` (${moved} against the span before)`;
}

/** The newest day alone, with what its ROAS will come to where that can be told. */
function newestDay({ figures, currency }: Parts): readonly string[] {
  const day = figures.days.rows.at(-1);
  if (day === undefined) return [];
  const [low, high] = [figure(day.roas_low), figure(day.roas_high)];
  const later =
    day.basis === 'estimated' && low !== null && high !== null
      ? `, in the end about ${ratio(figure(day.roas_matured))} (${ratio(low)} to ${ratio(high)} in 8 of 10 cases)`
      : '';
  return [
    `  ${String(day.date)}: ${money(day.spend, currency)}, ${count(day.conversions)} purchases, ROAS ${ratio(figure(day.roas))} so far${later}`,
  ];
}

function topCampaigns({ figures, currency }: Parts): readonly string[] {
  const rows = figures.campaigns.rows.filter(({ spend = null }) => Number(spend) > 0);
  return [
    '  Campaigns with most spend:',
    ...rows
      .slice(0, MOST_CAMPAIGNS)
      .map(
        (row) =>
          `    ${oneLine(row.campaign_name)}: ${money(row.spend, currency)}, ${count(row.conversions)} purchases, ROAS ${ratio(roasOf(totalsOf([row], '')))}`,
      ),
  ];
}

function alertsText({ figures }: Parts): readonly string[] {
  const rows = figures.alerts.rows.filter(({ state }) => state === 'open');
  if (rows.length === 0) return ['  Alerts: none is open.'];
  const lines = rows.map((row) => {
    const what = [oneLine(row.what), oneLine(row.campaign_name ?? '')].filter(
      (text) => text !== '',
    );
    return `    ${String(row.severity)}: ${what.join(' ')} Since ${String(row.opened_on)}.`.replace(
      /([^.?!]) Since/,
      '$1. Since',
    );
  });
  return ['  Alerts that are open:', ...lines];
}

const URGENT: ReadonlySet<unknown> = new Set(['stop', 'fix', 'scale']);

function adviceText({ figures }: Parts): readonly string[] {
  const rows = figures.recommendations.rows.filter((row) => URGENT.has(row.recommendation));
  if (rows.length === 0) return [];
  const lines = rows.map(
    (row) => `    ${String(row.recommendation)}: ${oneLine(row.campaign_name)}`,
  );
  return ['  What to do next:', ...lines];
}

/** Names can hold line breaks and control characters; a line of text cannot. */
function oneLine(value: unknown): string {
  return String(value)
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
}

function accountJson(report: AccountReport): object {
  const { account, span, figures } = report;
  const [now, before] = totalsIn(report);
  return {
    account_id: account.account_id,
    account_name: account.account_name,
    currency: account.currency,
    timezone: account.timezone,
    since: span.since,
    until: span.until,
    now: { ...now, roas: roasOf(now) },
    before: { ...before, roas: roasOf(before) },
    newest_day: figures.days.rows.at(-1) ?? null,
    campaigns: figures.campaigns.rows.slice(0, MOST_CAMPAIGNS),
    alerts: figures.alerts.rows.filter(({ state }) => state === 'open'),
    recommendations: figures.recommendations.rows.filter((row) => URGENT.has(row.recommendation)),
  };
}
