import { join } from 'node:path';
import { readIfThere } from '../file.ts';
import { csvRows } from '../imports/csv-text.ts';
import { modelNamed } from '../model.ts';
import { modelDir } from '../query/views.ts';
import type { Lake } from '../zone.ts';

/** One alert of the curated table `performance_alerts`; days are the account's own. */
export interface Alert {
  /** Twelve hexadecimal digits. */
  readonly alert_id: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly state: 'open' | 'acknowledged' | 'resolved';
  /** Digits; `all` for what concerns the lake as a whole. */
  readonly account_id: string;
  readonly account_name: string | null;
  readonly level: 'campaign' | 'account' | 'lake';
  readonly subject_id: string;
  readonly campaign_name: string | null;
  readonly opened_on: string;
  readonly last_seen_on: string;
  /** Null while it is not resolved. */
  readonly resolved_on: string | null;
  readonly what: string;
  readonly evidence: string;
  readonly advice: string;
  /** What the person wrote who acknowledged it. */
  readonly note: string | null;
  /** Sinks that it was sent to. */
  readonly sent_to: readonly string[];
}

/** How bad an alert is, least first. */
export type Severity = (typeof SEVERITIES)[number];

/** The severities, least first. */
export const SEVERITIES = ['info', 'warning', 'critical'] as const;

/**
 * The alerts of the lake as the last run left them: those that are not resolved, or all of them. The
 * worst come first, of equal ones the newest. None when the table was not made yet. They are few, and
 * read from the CSV: to start an engine for them would cost more than all else.
 */
export function listAlerts(lake: Lake, which: 'current' | 'all'): readonly Alert[] {
  const path = join(modelDir(lake, modelNamed('performance_alerts')), 'performance_alerts.csv');
  const bytes = readIfThere(path);
  if (bytes === null) return [];
  return rowsIn(bytes.toString('utf8'), which).map(alertOf).sort(worstFirst);
}

/** Most alerts of a large lake are long resolved: of those that are not wanted no row is made. */
function rowsIn(text: string, which: 'current' | 'all'): readonly Row[] {
  const lines = csvRows(text, ',');
  const columns: readonly string[] = lines.next().value ?? [];
  const state = columns.indexOf('state');
  const rows: Row[] = [];
  for (const cells of lines) {
    if (which === 'current' && cells[state] === 'resolved') continue;
    rows.push(Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? ''])));
  }
  return rows;
}

type Row = Readonly<Record<string, string>>;

/** True when an alert is at least as bad as `least`. */
export function isAtLeast(alert: Alert, least: Severity): boolean {
  return SEVERITIES.indexOf(alert.severity) >= SEVERITIES.indexOf(least);
}

/** What an alert is about, by name, in one line: the campaign and its account, the account, or the part of the lake. */
export function subjectText(alert: Alert): string {
  if (alert.level === 'lake') return `the lake (${alert.subject_id})`;
  const account = inOneLine(alert.account_name) ?? `account ${alert.account_id}`;
  if (alert.level === 'account') return account;
  return `${inOneLine(alert.campaign_name) ?? `campaign ${alert.subject_id}`} (${account})`;
}

/** Names come from elsewhere: line breaks and signs that steer a terminal would tear a message apart. */
function inOneLine(name: string | null): string | null {
  return name?.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim() ?? null;
}

function worstFirst(left: Alert, right: Alert): number {
  const worse = SEVERITIES.indexOf(right.severity) - SEVERITIES.indexOf(left.severity);
  if (worse !== 0) return worse;
  if (left.opened_on !== right.opened_on) return left.opened_on < right.opened_on ? 1 : -1;
  return left.alert_id < right.alert_id ? -1 : 1;
}

function alertOf(row: Row): Alert {
  return {
    alert_id: String(row.alert_id),
    rule: String(row.rule),
    severity: String(row.severity) as Severity,
    state: String(row.state) as Alert['state'],
    account_id: String(row.account_id),
    account_name: textOf(row, 'account_name'),
    level: String(row.level) as Alert['level'],
    subject_id: String(row.subject_id),
    campaign_name: textOf(row, 'campaign_name'),
    opened_on: String(row.opened_on),
    last_seen_on: String(row.last_seen_on),
    resolved_on: textOf(row, 'resolved_on'),
    what: String(row.what),
    evidence: String(row.evidence),
    advice: String(row.advice),
    note: textOf(row, 'note'),
    sent_to: textOf(row, 'sent_to')?.split(', ') ?? [],
  };
}

function textOf(row: Row, column: string): string | null {
  const text = row[column] ?? '';
  return text === '' ? null : text;
}
