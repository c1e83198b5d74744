import { scaleLinear } from 'd3-scale';
import { html, type Markup } from '../html.ts';
import { type ChartText, frame, round, WIDTH } from './frame.ts';

/** One row of a pyramid: the same thing of two groups. */
export interface PyramidRow {
  readonly name: string;
  readonly left: PyramidBar | null;
  readonly right: PyramidBar | null;
}

/** A bar to one side. */
export interface PyramidBar {
  readonly value: number;
  readonly shown: string;
}

const ROW = 34;
const HEAD = 26;
const MIDDLE = 64;
/** Room at the outer ends for the figures. */
const SHOWN = 64;

/** Bars to the left and to the right of a common middle; sides differ in place and in pattern. */
export function pyramid(
  rows: readonly PyramidRow[],
  heads: readonly [left: string, right: string],
  text: ChartText,
): Markup {
  const side = (WIDTH - MIDDLE) / 2;
  const values = rows.flatMap(({ left, right }) => [left?.value ?? 0, right?.value ?? 0]);
  const most = Math.max(...values, 0);
  const x = scaleLinear([0, most > 0 ? most : 1], [0, side - SHOWN]);
  const [from, to] = [side, side + MIDDLE];
  const drawn = rows.map(({ name, left, right }, at) => {
    const top = HEAD + at * ROW;
    const [l, r] = [x(left?.value ?? 0), x(right?.value ?? 0)];
    return html`<text class="name" x="${WIDTH / 2}" y="${top + 20}" text-anchor="middle">${name}</text><rect class="bar" x="${round(from - l)}" y="${top + 5}" width="${round(l)}" height="22"/><text class="value" x="${round(from - l - 6)}" y="${top + 20}" text-anchor="end">${left?.shown ?? ''}</text><rect class="bar other" x="${to}" y="${top + 5}" width="${round(r)}" height="22"/><text class="value" x="${round(to + r + 6)}" y="${top + 20}">${right?.shown ?? ''}</text>`;
  });
  const named = html`<text class="tick" x="${from}" y="14" text-anchor="end">${heads[0]}</text><text class="tick" x="${to}" y="14">${heads[1]}</text>`;
  return frame(text, [named, drawn], HEAD + Math.max(rows.length, 1) * ROW);
}
