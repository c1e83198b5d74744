import { scaleLinear } from 'd3-scale';
import { html, type Markup } from '../html.ts';
import { axis, type ChartText, frame, HEIGHT, heightsTo, ROOM, round, WIDTH } from './frame.ts';

/** One bar lying on its side, with what it is and how much. */
export interface LyingBar {
  readonly name: string;
  /** Null: not known, and no bar. */
  readonly value: number | null;
  readonly shown: string;
}

const ROW = 40;
/** More letters than this do not fit over a bar beside its figure. */
const NAME_LETTERS = 34;

/** Bars under each other, each below its name, for comparing a few things. */
export function lyingBars(bars: readonly LyingBar[], text: ChartText): Markup {
  const most = Math.max(...bars.map(({ value }) => value ?? 0), 0);
  const x = scaleLinear([0, most > 0 ? most : 1], [0, WIDTH]);
  const rows = bars.map(({ name, value, shown }, at) => {
    const top = at * ROW;
    return html`<text class="name" x="0" y="${top + 16}">${shortened(name)}</text><text class="value" x="${WIDTH}" y="${top + 16}" text-anchor="end">${shown}</text><rect class="ground" x="0" y="${top + 22}" width="${WIDTH}" height="10"/><rect class="bar" x="0" y="${top + 22}" width="${round(Math.max(0, x(value ?? 0)))}" height="10"/>`;
  });
  return frame(text, rows, Math.max(bars.length, 1) * ROW);
}

/** A name that leaves room for the figure; the table behind the chart has it whole. */
export function shortened(name: string, letters = NAME_LETTERS): string {
  const all = [...name];
  return all.length <= letters
    ? name
    : `${all
        .slice(0, letters - 1)
        .join('')
        .trimEnd()}…`;
}

/** A bar of a column chart. */
export interface Column {
  readonly name: string;
  /** Null: not known, nothing is drawn. */
  readonly value: number | null;
}

/** Bars beside each other in an order that means something, such as hours; every third is named. */
export function columns(bars: readonly Column[], text: ChartText): Markup {
  const y = heightsTo(Math.max(...bars.map(({ value }) => value ?? 0), 0));
  const step = (WIDTH - ROOM.left - ROOM.right) / Math.max(bars.length, 1);
  const drawn = bars.map(({ name, value }, at) => {
    const x = ROOM.left + at * step;
    const top = y(value ?? 0);
    const label = html`<text class="tick" x="${round(x + step / 2)}" y="${HEIGHT - 7}" text-anchor="middle">${name}</text>`;
    return html`<rect class="bar" x="${round(x + step * 0.1)}" y="${round(top)}" width="${round(step * 0.8)}" height="${round(HEIGHT - ROOM.bottom - top)}"/>${at % 3 === 0 ? label : null}`;
  });
  return frame(text, [axis(y, text), drawn]);
}
