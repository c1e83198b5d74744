import type { JsonRow } from '../../duckdb/duckdb.ts';
import { html, type Markup, type Part } from '../html.ts';
import { grouped, textOf } from '../number.ts';
import { dataTable } from '../table.ts';
import { chip } from './chip.ts';
import { accountPart, type Parts } from './part.ts';

const SEVERITIES: Readonly<Record<string, readonly [sign: string, title: string]>> = {
  critical: ['■', 'Critical'],
  warning: ['▲', 'Warning'],
  info: ['●', 'Info'],
};

const MOST_ANOMALIES = 20;

/** What is wrong now, what was in these days, and what was out of the usual. */
export function alerts(parts: Parts): Markup {
  const { rows } = parts.figures.alerts;
  const standing = rows.filter((row) => row.state !== 'resolved');
  const over = rows.filter((row) => row.state === 'resolved');
  return accountPart(parts, 'alerts', [
    standing.length === 0
      ? html`<p class="empty">No alert is open for this account.</p>`
      : alertList(standing),
    over.length === 0 ? null : overTable(over),
    anomalies(parts.figures.anomalies.rows),
  ]);
}

/** Alerts with what they mean, their figures, and what to do. */
export function alertList(rows: readonly JsonRow[]): Markup {
  return html`<ol class="advice">${rows.map(alertOf)}</ol>`;
}

function alertOf(row: JsonRow): Markup {
  const [sign, title] = SEVERITIES[String(row.severity)] ?? ['●', String(row.severity)];
  const name = told(row, 'campaign_name');
  const known = row.state === 'acknowledged' ? `Acknowledged. ${told(row, 'note')} ` : '';
  return html`<li>${chip(title, sign)} <strong>${told(row, 'what')}</strong>${name === '' ? null : html` <bdi>${name}</bdi>`}<br>${grouped(told(row, 'evidence'))} ${told(row, 'advice')} <span class="about">${known}Since ${told(row, 'opened_on')}.</span></li>`;
}

function overTable(rows: readonly JsonRow[]): Markup {
  return dataTable({
    caption: `${rows.length} that ended within these days`,
    heads: ['What', 'Campaign', 'From', 'To', 'Figures'],
    rows: rows.map((row) => [
      told(row, 'what'),
      html`<bdi>${told(row, 'campaign_name')}</bdi>`,
      told(row, 'opened_on'),
      told(row, 'last_seen_on'),
      grouped(told(row, 'evidence')),
    ]),
    isFolded: true,
    isWordy: true,
  });
}

function anomalies(rows: readonly JsonRow[]): Part {
  if (rows.length === 0) return null;
  return dataTable({
    caption: `${rows.length} figures out of the usual in these days${rows.length > MOST_ANOMALIES ? `, the ${MOST_ANOMALIES} clearest` : ''}`,
    heads: ['What of', 'Day', 'Figure', 'How sure', 'Story'],
    rows: rows
      .slice(0, MOST_ANOMALIES)
      .map((row) => [
        row.level === 'account' ? 'The account' : html`<bdi>${told(row, 'campaign_name')}</bdi>`,
        told(row, 'date'),
        told(row, 'metric').toUpperCase().length <= 4
          ? told(row, 'metric').toUpperCase()
          : told(row, 'metric'),
        told(row, 'certainty'),
        grouped(told(row, 'story')),
      ]),
    isFolded: true,
    isWordy: true,
  });
}

/** A cell's text; empty where it is not known. */
function told(row: JsonRow, name: string): string {
  return textOf(row[name]) ?? '';
}
