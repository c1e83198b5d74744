import type { SheetChart, WriteSheet } from 'hucre/xlsx';
import type { ReportInput } from '../page.ts';
import type { SectionName } from '../section.ts';
import type { AccountReport } from '../sections/part.ts';
import { type ChartPlan, chartOf } from './chart.ts';
import { PRINTED, type Sheet } from './sheet.ts';

/** Accounts that have charts: more make a sheet that nobody scrolls through. */
const MOST_CHARTED_ACCOUNTS = 10;
const MOST_BARS = 10;

/** The sheet with the pictures: up to seven for each account, over the cells of the other sheets. */
export function chartSheet(
  input: ReportInput,
  sheets: ReadonlyMap<SectionName, Sheet>,
): WriteSheet {
  const plans = input.accounts
    .slice(0, MOST_CHARTED_ACCOUNTS)
    .flatMap((report) => plansOf(report, sheets))
    .map((plan, place) => chartOf({ ...plan, place }));
  const title = input.isSynthetic ? 'Charts (synthetic data of the sandbox)' : 'Charts';
  return {
    name: 'Charts',
    pageSetup: PRINTED,
    rows: [[title]],
    cells: new Map([['0,0', { style: { font: { bold: true, size: 14 } } }]]),
    charts: plans.filter((chart): chart is SheetChart => chart !== null),
  };
}

type Unplaced = Omit<ChartPlan, 'place'>;

/** The pictures of an account: spend and ROAS by day, campaigns, placements, budgets, and the next days. */
function plansOf(
  report: AccountReport,
  sheets: ReadonlyMap<SectionName, Sheet>,
): readonly Unplaced[] {
  return [
    ...soFar(report, sheets),
    ...budgets(report, sheets),
    ...nextDays(report, sheets, ['spend', 'Spend']),
    ...nextDays(report, sheets, ['purchase_value', 'Value']),
  ];
}

function soFar(
  report: AccountReport,
  sheets: ReadonlyMap<SectionName, Sheet>,
): readonly Unplaced[] {
  const { account, figures } = report;
  const currency = account.currency ?? '';
  const [days, campaigns] = [sheets.get('days'), sheets.get('campaigns')];
  const rows = days?.rowsOf(account.account_id) ?? null;
  const name = account.account_name;
  const overDays: readonly Unplaced[] =
    days === undefined || rows === null
      ? []
      : [
          {
            type: 'column',
            title: `Spend a day, ${currency} – ${name}`,
            about: 'One column a day. The numbers are in the sheet Days.',
            sheet: days,
            rows,
            over: 'date',
            series: [{ column: 'spend', name: 'Spend' }],
            format: '#,##0',
          },
          {
            type: 'line',
            title: `ROAS a day – ${name}`,
            about: 'What is known, and what days that still change will come to.',
            sheet: days,
            rows,
            over: 'date',
            series: [
              { column: 'roas', name: 'As known' },
              { column: 'roas_matured', name: 'In the end, about' },
            ],
            format: '0.0',
          },
        ];
  const spent = figures.campaigns.rows.filter(({ spend = null }) => Number(spend) > 0).length;
  const first = campaigns?.rowsOf(account.account_id)?.first;
  if (campaigns === undefined || first === undefined || spent === 0) return overDays;
  const last = first + Math.min(spent, MOST_BARS) - 1;
  return [
    ...overDays,
    {
      type: 'bar',
      title: `Campaigns by spend, ${currency} – ${name}`,
      about: 'One bar for each of the campaigns with most spend; the span, and the one before.',
      sheet: campaigns,
      rows: { first, last },
      over: 'campaign_name',
      series: [
        { column: 'spend', name: 'Spend' },
        { column: 'spend_before', name: 'Before' },
      ],
      format: '#,##0',
    },
    ...placements(report, sheets),
  ];
}

function placements(
  report: AccountReport,
  sheets: ReadonlyMap<SectionName, Sheet>,
): readonly Unplaced[] {
  const sheet = sheets.get('audiences');
  const { account, figures } = report;
  const start = sheet?.rowsOf(account.account_id)?.first;
  const at = figures.audiences.rows.findIndex(({ dimension }) => dimension === 'placement');
  if (sheet === undefined || start === undefined || at === -1) return [];
  const found = figures.audiences.rows.filter(({ dimension }) => dimension === 'placement').length;
  const first = start + at;
  return [
    {
      type: 'bar',
      title: `Placements, share of spend – ${account.account_name}`,
      about: 'One bar for each placement, by spend. The numbers are in the sheet Audiences.',
      sheet,
      rows: { first, last: first + Math.min(found, MOST_BARS) - 1 },
      over: 'value',
      series: [{ column: 'spend_share', name: 'Share of spend' }],
      format: '0%',
    },
  ];
}

/** What was spent of each budget beside what was due; those of the report's first rows. */
function budgets(
  { account, figures }: AccountReport,
  sheets: ReadonlyMap<SectionName, Sheet>,
): readonly Unplaced[] {
  const sheet = sheets.get('pacing');
  const first = sheet?.rowsOf(account.account_id)?.first;
  const found = figures.pacing.rows.length;
  if (sheet === undefined || first === undefined || found === 0) return [];
  return [
    {
      type: 'bar',
      title: `Budgets, ${account.currency ?? ''} – ${account.account_name}`,
      about: 'Two bars for each budget: what was spent, and what was due. See the sheet Pacing.',
      sheet,
      rows: { first, last: first + Math.min(found, MOST_BARS) - 1 },
      over: 'object_name',
      series: [
        { column: 'spend', name: 'Spent' },
        { column: 'spend_due', name: 'Due' },
      ],
      format: '#,##0',
    },
  ];
}

/** A metric of the next 28 days, between the ends that hold it in 8 of 10 cases. */
function nextDays(
  { account, figures }: AccountReport,
  sheets: ReadonlyMap<SectionName, Sheet>,
  [metric, title]: readonly [metric: string, title: string],
): readonly Unplaced[] {
  const sheet = sheets.get('forecast');
  const start = sheet?.rowsOf(account.account_id)?.first;
  const at = figures.forecast.rows.findIndex((row) => row.metric === metric);
  const own = figures.forecast.rows.filter((row) => row.metric === metric);
  const isKnown = own.some(({ forecast = null }) => forecast !== null);
  if (sheet === undefined || start === undefined || !isKnown) return [];
  const first = start + at;
  return [
    {
      type: 'line',
      title: `${title} of the next days, ${account.currency ?? ''} – ${account.account_name}`,
      about: 'What each day will come to, and the ends that hold it in 8 of 10 cases.',
      sheet,
      rows: { first, last: first + own.length - 1 },
      over: 'date',
      series: [
        { column: 'forecast', name: 'About' },
        { column: 'low', name: 'At least' },
        { column: 'high', name: 'At most' },
      ],
      format: '#,##0',
    },
  ];
}
