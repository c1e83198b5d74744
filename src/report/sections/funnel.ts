import { lyingBars } from '../charts/bars.ts';
import { html, type Markup } from '../html.ts';
import { count, figure, percent, UNKNOWN } from '../number.ts';
import { dataTable } from '../table.ts';
import { accountPart, emptyState, onlyRow, type Parts, picture } from './part.ts';

const STEPS = [
  ['impressions', 'Impressions'],
  ['link_clicks', 'Link clicks'],
  ['landing_page_views', 'Landing page views'],
  ['view_content', 'Content viewed'],
  ['add_to_cart', 'Added to cart'],
  ['initiate_checkout', 'Checkout begun'],
  ['purchases', 'Purchases'],
] as const;

/** How many took each step from a click to a purchase. */
export function funnel(parts: Parts): Markup {
  const row = onlyRow(parts.figures.funnel);
  const steps = STEPS.map(([name, title]) => ({ title, value: figure(row[name]) }));
  if (steps.every(({ value }) => value === null)) {
    return accountPart(
      parts,
      'funnel',
      emptyState('None of these steps was told for this span.', ''),
    );
  }
  const rows = steps.map(({ title, value }, at) => {
    const before = steps[at - 1]?.value ?? null;
    const isFirst = at === 0 || value === null || before === null || before === 0;
    return [title, count(value), isFirst ? UNKNOWN : percent(value / before)];
  });
  return accountPart(parts, 'funnel', [
    html`<div class="narrow">${picture(
      'How many took each step',
      lyingBars(
        steps.slice(1).map(({ title, value }) => ({ name: title, value, shown: count(value) })),
        {
          id: `${parts.id}-funnel`,
          title: 'Steps from link click to purchase',
          description:
            'One bar for each step. The table below has the numbers, impressions included.',
          format: count,
        },
      ),
    )}</div>`,
    dataTable({
      caption: 'Steps, and the share that takes each',
      heads: ['Step', 'Number', 'Of the step before'],
      rows,
      isFolded: true,
    }),
  ]);
}
