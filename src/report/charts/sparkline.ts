import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import { html, type Markup } from '../html.ts';

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
