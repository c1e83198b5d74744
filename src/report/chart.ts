import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import { html, type Markup } from './html.ts';

/** One day of a chart over time. */
export interface ChartDay {
  /** YYYY-MM-DD. */
  readonly date: string;
  /** Height of the bar; null: not known, nothing is drawn. */
  readonly value: number | null;
  /** False: the figure still changes, and is drawn open. */
  readonly isSettled: boolean;
}

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

const WIDTH = 720;
const HEIGHT = 190;
const LEFT = 84;
const TOP = 10;
const BOTTOM = 24;
const RIGHT = 8;

/** A bar for each day; days whose figures still change are hatched. */
export function dayBars(days: readonly ChartDay[], text: ChartText): Markup {
  const y = heights(days);
  const step = (WIDTH - LEFT - RIGHT) / Math.max(days.length, 1);
  const bars = days.map(({ value, isSettled }, at) => {
    if (value === null || value <= 0) return null;
    const top = y(value);
    return html`<rect class="${isSettled ? 'bar' : 'bar open'}" x="${round(LEFT + at * step + step * 0.1)}" y="${round(top)}" width="${round(step * 0.8)}" height="${round(HEIGHT - BOTTOM - top)}"/>`;
  });
  return frame(text, [axis(y, text), bars, dayNames(days, step)]);
}

/** A line over the days; where figures still change, or a day is not known, it is dashed or broken. */
export function dayLine(days: readonly ChartDay[], text: ChartText): Markup {
  const y = heights(days);
  const step = (WIDTH - LEFT - RIGHT) / Math.max(days.length, 1);
  const points = days.map(({ value }, at) => [LEFT + (at + 0.5) * step, value] as const);
  const open = days.findIndex(({ isSettled }) => !isSettled);
  const from = open === -1 ? days.length : open;
  const path = line<readonly [number, number | null]>()
    .defined(([, value]) => value !== null)
    .x(([x]) => x)
    .y(([, value]) => y(value ?? 0))
    .digits(1);
  const settled = path(points.slice(0, from)) ?? '';
  const provisional = path(points.slice(Math.max(0, from - 1))) ?? '';
  const lines = html`<path class="line" d="${settled}"/><path class="line open" d="${provisional}"/>`;
  return frame(text, [axis(y, text), lines, dayNames(days, step)]);
}

/** One bar lying on its side, with what it is and how much. */
export interface LyingBar {
  readonly name: string;
  /** Null: not known. */
  readonly value: number | null;
  readonly shown: string;
}

const ROW = 30;
const NAME = 210;
const SHOWN = 150;

/** Bars under each other, for comparing a few things. */
export function lyingBars(bars: readonly LyingBar[], text: ChartText): Markup {
  const most = Math.max(...bars.map(({ value }) => value ?? 0), 0);
  const x = scaleLinear([0, most === 0 ? 1 : most], [0, WIDTH - NAME - SHOWN]);
  const rows = bars.map(({ name, value, shown }, at) => {
    const middle = at * ROW + ROW / 2;
    return html`<text class="name" x="${NAME - 10}" y="${middle + 4}" text-anchor="end">${name}</text><rect class="bar" x="${NAME}" y="${middle - 9}" width="${round(Math.max(0, x(value ?? 0)))}" height="18"/><text class="value" x="${round(NAME + x(Math.max(0, value ?? 0)) + 8)}" y="${middle + 4}">${shown}</text>`;
  });
  return frame(text, rows, bars.length * ROW);
}

/** A small line without axes, to stand in a table; told in words beside it. */
export function sparkline(values: ReadonlyArray<number | null>, title: string): Markup {
  const [width, height] = [120, 28];
  const most = Math.max(...values.map((value) => value ?? 0), 0);
  const y = scaleLinear([0, most === 0 ? 1 : most], [height - 2, 2]);
  const step = width / Math.max(values.length - 1, 1);
  const path = line<number | null>()
    .defined((value) => value !== null)
    .x((_, at) => at * step)
    .y((value) => y(value ?? 0))
    .digits(1);
  return html`<svg class="spark" role="img" viewBox="0 0 ${width} ${height}" aria-label="${title}"><path class="line" d="${path([...values]) ?? ''}"/></svg>`;
}

function heights(days: readonly ChartDay[]) {
  const most = Math.max(...days.map(({ value }) => value ?? 0), 0);
  return scaleLinear([0, most === 0 ? 1 : most], [HEIGHT - BOTTOM, TOP]).nice(4);
}

type Scale = ReturnType<typeof heights>;

function axis(y: Scale, text: ChartText): readonly Markup[] {
  return y
    .ticks(4)
    .map(
      (tick) =>
        html`<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${round(y(tick))}" y2="${round(y(tick))}"/><text class="tick" x="${LEFT - 8}" y="${round(y(tick) + 4)}" text-anchor="end">${text.format(tick)}</text>`,
    );
}

/** About six days are named, whatever the length of the span. */
function dayNames(days: readonly ChartDay[], step: number): readonly Markup[] {
  const every = Math.max(1, Math.ceil(days.length / 6));
  return days
    .map(({ date }, at) => ({ date, at }))
    .filter(({ at }) => at % every === 0)
    .map(
      ({ date, at }) =>
        html`<text class="tick" x="${round(LEFT + (at + 0.5) * step)}" y="${HEIGHT - 6}" text-anchor="middle">${date.slice(5)}</text>`,
    );
}

/** Whoever does not see the picture hears its title and description. */
function frame(
  { id, title, description }: ChartText,
  parts: ReadonlyArray<Markup | null | ReadonlyArray<Markup | null>>,
  height = HEIGHT,
): Markup {
  return html`<svg class="chart" role="img" viewBox="0 0 ${WIDTH} ${height}" aria-labelledby="${id}-title ${id}-text"><title id="${id}-title">${title}</title><desc id="${id}-text">${description}</desc>${parts}</svg>`;
}

function round(value: number): string {
  return value.toFixed(1);
}
