import { lyingBars } from '../charts/bars.ts';
import { html, type Markup } from '../html.ts';
import { count, figure, money, ratio } from '../number.ts';
import { dataTable } from '../table.ts';
import { accountPart, emptyState, onlyRow, type Parts, picture } from './part.ts';

/** The attribution windows that a row has columns for, with what each counts. */
const WINDOWS = [
  ['', 'As the account reports it'],
  ['_1d_click', 'Within 1 day of a click'],
  ['_7d_click', 'Within 7 days of a click'],
  ['_28d_click', 'Within 28 days of a click'],
  ['_1d_view', 'Within 1 day of a view'],
  ['_1d_ev', 'Within 1 day of an engaged view'],
] as const;

/** The same spend under each rule of what counts as a purchase of an ad. */
export function attribution(parts: Parts): Markup {
  const row = onlyRow(parts.figures.attribution);
  const spend = figure(row.spend);
  if (spend === null || spend === 0) {
    const why = 'Nothing was spent in these days, or it is not known what, so there is no ROAS.';
    return accountPart(parts, 'attribution', emptyState(why, ''));
  }
  const each = WINDOWS.map(([window, name]) => {
    const value = figure(row[`purchase_value${window}`]);
    const roas = value === null ? null : value / spend;
    return { name, purchases: row[`conversions${window}`], value, roas };
  });
  return accountPart(parts, 'attribution', [
    html`<p class="about">The same spend, and the purchases that Meta counts for it under each rule. The rules overlap: never add them up.</p>`,
    html`<div class="narrow">${picture(
      'ROAS under each rule',
      lyingBars(
        each.map(({ name, roas }) => ({ name, value: roas, shown: ratio(roas) })),
        {
          id: `${parts.id}-windows`,
          title: 'ROAS by attribution window',
          description: 'One bar for each rule. The table below has the numbers.',
          format: ratio,
        },
      ),
    )}</div>`,
    dataTable({
      caption: 'Purchases, value and ROAS by attribution window',
      heads: ['Purchases counted', 'Purchases', 'Value', 'ROAS'],
      rows: each.map(({ name, purchases, value, roas }) => [
        name,
        count(purchases),
        money(value, parts.currency),
        ratio(roas),
      ]),
      isFolded: true,
    }),
  ]);
}
