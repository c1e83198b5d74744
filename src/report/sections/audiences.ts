import type { JsonRow } from '../../duckdb/duckdb.ts';
import { columns, lyingBars } from '../charts/bars.ts';
import { pyramid } from '../charts/pyramid.ts';
import { html, type Markup } from '../html.ts';
import { compact, count, figure, money, percent, ratio } from '../number.ts';
import { dataTable } from '../table.ts';
import { accountPart, emptyState, type Parts, picture } from './part.ts';

/** Dimensions that are drawn as bars, with their headings. */
const BARS = [
  ['placement', 'Placements'],
  ['device', 'Devices'],
  ['country', 'Countries'],
  ['region', 'Regions'],
  ['custom_audience', 'Custom audiences'],
] as const;

const MOST_BARS = 8;

/** Who saw the ads, and where: what was spent on whom, and what came back. */
export function audiences(parts: Parts): Markup {
  const { rows } = parts.figures.audiences;
  const [first] = rows;
  if (first === undefined) {
    return accountPart(
      parts,
      'audiences',
      emptyState(
        'The lake does not know who saw these ads, or where.',
        html`Pull it with <code>npx adlake run --account ${parts.account.account_id}</code>; imported files do not tell it.`,
      ),
    );
  }
  const pictures = [ages(parts), ...BARS.map((each) => bars(parts, each)), hours(parts)];
  return accountPart(parts, 'audiences', [
    html`<p class="about">${monthText(first)} Bars are shares of the spend; ROAS is beside them where Meta tells purchases.</p>`,
    html`<div class="pictures flowing">${pictures}</div>`,
    numbers(parts),
  ]);
}

function monthText({ first_day: since, last_day: until }: JsonRow): string {
  return `Of the month that most days of this report are in: ${String(since)} to ${String(until)}.`;
}

function rowsOf({ figures }: Parts, dimension: string): readonly JsonRow[] {
  return figures.audiences.rows.filter((row) => row.dimension === dimension);
}

function ages(parts: Parts): Markup | null {
  const rows = rowsOf(parts, 'age_gender');
  const names = [...new Set(rows.map((row) => ageOf(row)))]
    .filter((age) => !UNTOLD.test(age))
    .sort();
  if (names.length === 0) return null;
  const bar = (age: string, gender: string) => {
    const row = rows.find((one) => ageOf(one) === age && genderOf(one) === gender);
    const value = figure(row?.spend_share);
    return row === undefined || value === null ? null : { value, shown: percent(value, 0) };
  };
  const sides = names.map((name) => ({
    name,
    left: bar(name, 'female'),
    right: bar(name, 'male'),
  }));
  return picture(
    'Age and gender',
    pyramid(sides, ['Women', 'Men'], {
      id: `${parts.id}-ages`,
      title: 'Share of spend by age and gender',
      description:
        'A row for each age, women to the left, men to the right. The table below has the numbers.',
      format: percentText,
    }),
  );
}

const UNTOLD = /^(unknown|not told)$/i;

function ageOf(row: JsonRow): string {
  return String(row.value).split(' / ')[0] ?? '';
}

function genderOf(row: JsonRow): string {
  return String(row.value).split(' / ')[1] ?? '';
}

function bars(parts: Parts, [dimension, title]: (typeof BARS)[number]): Markup | null {
  const rows = rowsOf(parts, dimension);
  if (rows.every((row) => row.value === 'none')) return null;
  const shown = rows.slice(0, MOST_BARS);
  const chart = lyingBars(
    shown.map((row) => ({
      name: valueName(row),
      value: figure(row.spend_share),
      shown: shownOf(row),
    })),
    {
      id: `${parts.id}-${dimension}`,
      title: `${title}: share of spend`,
      description: 'One bar for each, by spend. The table below has the numbers.',
      format: percentText,
    },
  );
  const told = rows.length > shown.length ? `${title}: ${MOST_BARS} of ${rows.length}` : title;
  return picture(told, chart, dimension === 'custom_audience' ? SHARED : '');
}

const SHARED =
  'An ad set with several audiences counts for each of them, so shares can add up to more than 100 %.';

function shownOf(row: JsonRow): string {
  const roas = figure(row.roas);
  const part = percent(figure(row.spend_share), 1);
  return roas === null ? part : `${part} · ROAS ${ratio(roas)}`;
}

/** A value as people say it: `facebook / right_hand_column` becomes `Facebook, right hand column`. */
function valueName(row: JsonRow): string {
  if (row.dimension === 'custom_audience') {
    return row.value === 'none' ? 'No custom audience' : String(row.value_name);
  }
  const words = String(row.value_name).replaceAll('_', ' ').split(' / ');
  if (words.every((word) => UNTOLD.test(word))) return 'Not told';
  const [first = '', second = ''] = words;
  const told = second === '' || second.startsWith(first) ? [second || first] : [first, second];
  const text = told.join(', ').replace(/, an classic$/, ', classic');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function hours(parts: Parts): Markup | null {
  const rows = [...rowsOf(parts, 'hour')].sort((left, right) =>
    String(left.value) < String(right.value) ? -1 : 1,
  );
  if (rows.length === 0) return null;
  const chart = columns(
    rows.map((row) => ({ name: String(row.value).slice(0, 5), value: figure(row.spend) })),
    {
      id: `${parts.id}-hours`,
      title: 'Spend by hour of the day',
      description:
        'One bar for each hour of the account’s own clock. The table below has the numbers.',
      format: compact,
    },
  );
  const note = 'By the account’s own clock. Meta does not tell purchases by the hour.';
  return picture(`Spend by hour of the day, in ${parts.currency}`, chart, note);
}

function numbers({ figures, currency }: Parts): Markup {
  return dataTable({
    caption: 'Audiences and placements',
    heads: [
      'Value',
      'What',
      'Spend',
      'Share of spend',
      'CTR',
      'Purchases',
      'ROAS',
      'Against the account',
    ],
    rows: figures.audiences.rows.map((row) => [
      html`<bdi>${valueName(row)}</bdi>`,
      String(row.dimension).replaceAll('_', ' '),
      money(row.spend, currency),
      percent(figure(row.spend_share), 1),
      percent(figure(row.ctr)),
      count(row.conversions),
      ratio(figure(row.roas)),
      indexText(row),
    ]),
    isFolded: true,
  });
}

/** An index of 100 is what the account does. */
function indexText(row: JsonRow): string {
  const index = figure(row.roas_index);
  return index === null ? '–' : `${index.toFixed(0)} % of its ROAS`;
}

function percentText(value: number): string {
  return percent(value, 0);
}
