import { scaleLinear } from 'd3-scale';
import { html, type Markup, type Part } from '../html.ts';

/** What a chart says besides its picture. */
export interface ChartText {
  /** Unique on the page; letters, digits and hyphens. */
  readonly id: string;
  readonly title: string;
  /** What a person who does not see it should know. */
  readonly description: string;
  /** How a value on the axis is written. */
  readonly format: (value: number) => string;
}

/** Width of every chart in its own units: about pixels on a large screen, three quarters of one on a phone. */
export const WIDTH = 480;
/** Height of charts over time. */
export const HEIGHT = 200;
/** The room around what is drawn. */
export const ROOM = { left: 66, right: 10, top: 14, bottom: 26 } as const;

/** From a value to its height; it reaches a little above `most` and begins at 0. */
export type Scale = ReturnType<typeof heightsTo>;

/** The heights of values from 0 to `most`, with round numbers at the axis. */
export function heightsTo(most: number) {
  return scaleLinear([0, most > 0 ? most : 1], [HEIGHT - ROOM.bottom, ROOM.top]).nice(4);
}

/** Lines across the chart with their values at the left. */
export function axis(y: Scale, text: ChartText): readonly Markup[] {
  return y
    .ticks(4)
    .map(
      (tick) =>
        html`<line class="grid" x1="${ROOM.left}" x2="${WIDTH - ROOM.right}" y1="${round(y(tick))}" y2="${round(y(tick))}"/><text class="tick" x="${ROOM.left - 8}" y="${round(y(tick) + 4)}" text-anchor="end">${text.format(tick)}</text>`,
    );
}

/** Whoever does not see the picture hears its title and description. */
export function frame(text: ChartText, parts: Part, height = HEIGHT): Markup {
  const { id, title, description } = text;
  return html`<svg class="chart" role="img" viewBox="0 0 ${WIDTH} ${height}" aria-labelledby="${id}-title ${id}-text"><title id="${id}-title">${title}</title><desc id="${id}-text">${description}</desc>${parts}</svg>`;
}

/** A coordinate, short: a tenth of a unit is less than anybody sees. */
export function round(value: number): string {
  return value.toFixed(1).replace(/\.0$/, '');
}
