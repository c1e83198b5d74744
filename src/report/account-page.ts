import { html, type Markup } from './html.ts';
import { ads } from './sections/ads.ts';
import { advice } from './sections/advice.ts';
import { agreement } from './sections/agreement.ts';
import { alerts } from './sections/alerts.ts';
import { attribution } from './sections/attribution.ts';
import { audiences } from './sections/audiences.ts';
import { benchmarks } from './sections/benchmarks.ts';
import { campaigns } from './sections/campaigns.ts';
import { content } from './sections/content.ts';
import { creatives } from './sections/creatives.ts';
import { forecast } from './sections/forecast.ts';
import { funnel } from './sections/funnel.ts';
import { changed, contextBar, tiles } from './sections/headline.ts';
import { overTime } from './sections/over-time.ts';
import { ownPast } from './sections/own-past.ts';
import { allocation, pacing } from './sections/pacing.ts';
import { type AccountReport, type Parts, partsOf } from './sections/part.ts';
import { predictions } from './sections/predictions.ts';

/**
 * The parts of an account's page, in the order in which a person asks: what, why, what next, then the rest. Null:
 * a part about what most lakes do not hold, and this one neither.
 */
const ORDER: ReadonlyArray<(parts: Parts) => Markup | null> = [
  tiles,
  changed,
  alerts,
  advice,
  overTime,
  campaigns,
  ownPast,
  benchmarks,
  audiences,
  creatives,
  content,
  ads,
  pacing,
  allocation,
  forecast,
  predictions,
  attribution,
  funnel,
  agreement,
];

/** One account's part of the report; `lakeOption` is what commands about its lake need besides. */
export function accountPage(report: AccountReport, lakeOption: string): Markup {
  const parts = partsOf(report, lakeOption);
  return html`<section class="account" id="${parts.id}">
${contextBar(parts)}
<p class="about">Account ${report.account.account_id}</p>
${ORDER.map((part) => part(parts))}
</section>`;
}
