import { html, type Markup } from '../html.ts';
import { round } from './frame.ts';

/** A small bar that is filled by a share of it, from 0 to 1; the number stands beside it. */
export function meter(share: number, title: string): Markup {
  const width = 60 * Math.min(1, Math.max(0, share));
  return html`<svg class="meter" role="img" viewBox="0 0 60 10" aria-label="${title}"><rect class="ground" width="60" height="10"/><rect class="bar" width="${round(width)}" height="10"/></svg>`;
}
