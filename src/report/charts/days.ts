import { area, line } from 'd3-shape';
import { html, type Markup } from '../html.ts';
import { shortDay } from '../span.ts';
import { axis, type ChartText, frame, HEIGHT, heightsTo, ROOM, round, WIDTH } from './frame.ts';

/** One day of a chart over time. */
export interface ChartDay {
  /** YYYY-MM-DD. */
  readonly date: string;
  /** Height of the bar; null: not known, nothing is drawn. */
  readonly value: number | null;
  /** False: the figure still changes, and is drawn open. */
  readonly isSettled: boolean;
}

/** A day of a line, with what it will come to: an estimate between two ends; null where there is none. */
export interface EstimatedDay extends ChartDay {
  readonly estimate: { readonly value: number; readonly low: number; readonly high: number } | null;
}

/** A bar for each day; days whose figures still change are hatched. */
export function dayBars(days: readonly ChartDay[], text: ChartText): Markup {
  const y = heightsTo(Math.max(...days.map(({ value }) => value ?? 0), 0));
  const step = stepOf(days);
  const bars = days.map(({ value, isSettled }, at) => {
    if (value === null || value <= 0) return null;
    const top = y(value);
    return html`<rect class="${isSettled ? 'bar' : 'bar open'}" x="${round(ROOM.left + at * step + step * 0.1)}" y="${round(top)}" width="${round(step * 0.8)}" height="${round(HEIGHT - ROOM.bottom - top)}"/>`;
  });
  return frame(text, [axis(y, text), bars, dayNames(days, step)]);
}

/**
 * A line over the days; where figures still change it is dashed, where a day is not known it is broken.
 * Estimates are a second line with dots, in a band from low to high.
 */
export function dayLine(days: readonly EstimatedDay[], text: ChartText): Markup {
  const y = heightsTo(mostOf(days)).clamp(true);
  const step = stepOf(days);
  const points = days.map((day, at) => ({ ...day, x: ROOM.left + (at + 0.5) * step }));
  const open = days.findIndex(({ isSettled }) => !isSettled);
  const from = open === -1 ? days.length : open;
  const path = line<(typeof points)[number]>()
    .defined(({ value }) => value !== null)
    .x(({ x }) => x)
    .y(({ value }) => y(value ?? 0))
    .digits(1);
  const settled = path(points.slice(0, from)) ?? '';
  const provisional = path(points.slice(Math.max(0, from - 1))) ?? '';
  const lines = html`<path class="line" d="${settled}"/><path class="line open" d="${provisional}"/>`;
  return frame(text, [axis(y, text), estimates(points, y), lines, dayNames(days, step)]);
}

/** An end of a band may be far away: the chart reaches twice as high as what is likely. */
function mostOf(days: readonly EstimatedDay[]): number {
  const likely = days.map(({ value, estimate }) => Math.max(value ?? 0, estimate?.value ?? 0));
  const highest = Math.max(...likely, 0);
  const ends = days.map(({ estimate }) => estimate?.high ?? 0);
  return Math.max(highest, Math.min(Math.max(...ends, 0), 2 * highest));
}

type Point = EstimatedDay & { readonly x: number };

function estimates(points: readonly Point[], y: (value: number) => number): Markup | null {
  if (points.every(({ estimate }) => estimate === null)) return null;
  const band = area<Point>()
    .defined(({ estimate }) => estimate !== null)
    .x(({ x }) => x)
    .y0(({ estimate }) => y(estimate?.low ?? 0))
    .y1(({ estimate }) => y(estimate?.high ?? 0))
    .digits(1);
  const middle = line<Point>()
    .defined(({ estimate }) => estimate !== null)
    .x(({ x }) => x)
    .y(({ estimate }) => y(estimate?.value ?? 0))
    .digits(1);
  const dots = points.map(({ x, estimate }) =>
    estimate === null
      ? null
      : html`<circle class="dot" cx="${round(x)}" cy="${round(y(estimate.value))}" r="2.5"/>`,
  );
  return html`<path class="band" d="${band([...points]) ?? ''}"/><path class="line second" d="${middle([...points]) ?? ''}"/>${dots}`;
}

function stepOf(days: readonly ChartDay[]): number {
  return (WIDTH - ROOM.left - ROOM.right) / Math.max(days.length, 1);
}

const MOST_NAMES = 5;

/** A few days are named, whatever the length of the span. */
function dayNames(days: readonly ChartDay[], step: number): readonly Markup[] {
  const every = Math.max(1, Math.ceil(days.length / MOST_NAMES));
  return days
    .map(({ date }, at) => ({ date, at }))
    .filter(({ at }) => at % every === 0)
    .map(
      ({ date, at }) =>
        html`<text class="tick" x="${round(ROOM.left + (at + 0.5) * step)}" y="${HEIGHT - 7}" text-anchor="middle">${shortDay(date)}</text>`,
    );
}
