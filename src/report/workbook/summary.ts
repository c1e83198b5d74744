import type { WriteSheet } from 'hucre/xlsx';
import { roasOf, totalsOf } from '../change.ts';
import type { Answer } from '../figures.ts';
import { maturedRoas } from '../matured.ts';
import type { ReportInput } from '../page.ts';
import { type AccountReport, onlyRow } from '../sections/part.ts';
import { sheetOf } from './sheet.ts';

/** One row per account: its totals, those of the span before, and how its figures are to be read. */
export function summarySheet(input: ReportInput): WriteSheet {
  const answer: Answer = {
    columns: SUMMARY.map(([name, type]) => ({ name, type })),
    rows: input.accounts.map((report) => summaryRow(report, input.isSynthetic)),
  };
  const parts = answer.rows.map((row, at) => ({
    account: {
      id: String(row.account_id),
      name: input.accounts[at]?.account.account_name ?? '',
      currency: String(row.currency),
    },
    answer: { ...answer, rows: [row] },
  }));
  return sheetOf('Summary', parts).written;
}

const SUMMARY = [
  ['since', 'DATE'],
  ['until', 'DATE'],
  ['time_zone', 'VARCHAR'],
  ['attribution', 'VARCHAR'],
  ['settled_until', 'DATE'],
  ['spend', 'DECIMAL'],
  ['spend_before', 'DECIMAL'],
  ['conversions', 'DECIMAL'],
  ['conversions_before', 'DECIMAL'],
  ['purchase_value', 'DECIMAL'],
  ['purchase_value_before', 'DECIMAL'],
  ['roas', 'DOUBLE'],
  ['roas_before', 'DOUBLE'],
  ['roas_in_the_end_about', 'DOUBLE'],
  ['data', 'VARCHAR'],
] as const;

function summaryRow({ account, span, figures }: AccountReport, isSynthetic: boolean) {
  const [now, before] = [
    totalsOf(figures.campaigns.rows, ''),
    totalsOf(figures.campaigns.rows, '_before'),
  ];
  return {
    account_id: account.account_id,
    currency: account.currency ?? '',
    since: span.since,
    until: span.until,
    time_zone: account.timezone,
    attribution: onlyRow(figures.attribution).attribution_settings ?? null,
    settled_until: account.settled_until,
    spend: now.spend,
    spend_before: before.spend,
    conversions: now.conversions,
    conversions_before: before.conversions,
    purchase_value: now.purchase_value,
    purchase_value_before: before.purchase_value,
    roas: roasOf(now),
    roas_before: roasOf(before),
    roas_in_the_end_about: maturedRoas(figures.days.rows),
    data: isSynthetic ? 'synthetic: from the sandbox' : 'real',
  };
}
