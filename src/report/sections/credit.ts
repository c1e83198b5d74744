import type { JsonRow } from '../../duckdb/duckdb.ts';
import { meter } from '../charts/meter.ts';
import type { Answer } from '../figures.ts';
import { html, type Markup, type Part } from '../html.ts';
import { count, figure, money, percent, UNKNOWN } from '../number.ts';
import { SECTIONS } from '../section.ts';
import { dataTable } from '../table.ts';
import { emptyState } from './part.ts';

/** How orders are divided among contacts, in words. */
const MODELS = [
  ['first_touch', 'First contact'],
  ['last_touch', 'Last contact'],
  ['last_non_direct', 'Last, not direct'],
  ['linear', 'Equal parts'],
  ['position_based', 'First and last most'],
  ['time_decay', 'Later ones more'],
  ['markov', 'What would be lost (Markov)'],
  ['shapley', 'Fair share (Shapley)'],
] as const;

const MOST_PATHS = 10;
/** More columns do not fit on a page; the query has all. */
const MOST_CHANNELS = 8;

/** Which channel earns the orders, by every model side by side, and the paths that led to them. */
export function credit(answer: Answer, journeys: Answer, lakeOption: string): Markup {
  const { rows } = answer;
  const contacted = rows.some(({ channel }) => channel !== NONE);
  const currencies = [...new Set(rows.map(({ currency }) => String(currency)))];
  const body =
    rows.length === 0 || !contacted
      ? emptyState(
          rows.length === 0
            ? 'No orders are in the lake, so no channel can be credited with one.'
            : 'Orders are in the lake, but none of the contacts that led to them.',
          html`Import orders and contacts: <code>npx adlake import orders.csv --as orders</code>, <code>npx adlake import contacts.csv --as touchpoints</code>, then <code>npx adlake run --offline</code>.`,
        )
      : [currencies.map((currency) => models(rows, currency)), paths(journeys.rows)];
  return html`<section id="credit"><h2>${SECTIONS.credit.title}</h2>${body}<details class="source"><summary>Where these numbers come from</summary><p>They are the answers to <a href="#query-credit">this query</a> and <a href="#query-journeys">this one</a>, over all orders of the lake. As a file for a spreadsheet: <code>npx adlake report --csv credit${lakeOption}</code></p></details></section>`;
}

const NONE = '(no contact known)';

function models(rows: readonly JsonRow[], currency: string): Markup {
  const own = rows.filter((row) => row.currency === currency);
  const channels = [...new Set(own.map(({ channel }) => String(channel)))].slice(0, MOST_CHANNELS);
  const [first] = own;
  const shareOf = (model: string, channel: string) =>
    figure(own.find((row) => row.model === model && row.channel === channel)?.share);
  return html`<p class="about">${money(first?.total_revenue, currency)} of orders, ${String(first?.since)} to ${String(first?.until)}. Each line divides the same revenue by another rule; where they agree, believe them.</p>${dataTable(
    {
      caption: `Share of the revenue by channel and model, ${currency}`,
      heads: ['By', ...channels],
      rows: MODELS.filter(([model]) => own.some((row) => row.model === model)).map(
        ([model, title]) => [
          title,
          ...channels.map((channel) => cellOf(shareOf(model, channel), `${channel}, ${title}`)),
        ],
      ),
    },
  )}`;
}

function cellOf(share: number | null, what: string): Part {
  if (share === null) return UNKNOWN;
  const text = percent(share, 1);
  return [text, html`<br>`, meter(share, `${what}: ${text}`)];
}

function paths(rows: readonly JsonRow[]): Markup | null {
  const shown = rows.filter(({ path }) => path !== NONE).slice(0, MOST_PATHS);
  if (shown.length === 0) return null;
  return dataTable({
    caption: `The ${shown.length} most frequent paths to an order`,
    heads: ['Path', 'Orders', 'Of those who took it', 'Days to the order'],
    rows: shown.map((row) => [
      html`<bdi>${String(row.path)}</bdi>`,
      count(row.orders),
      percent(figure(row.conversion_rate), 1),
      count(row.days_per_order),
    ]),
    isFolded: true,
  });
}
