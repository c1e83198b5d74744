import { html, type Markup, type Part } from './html.ts';

/** A table of a report. */
export interface DataTable {
  /** What it is about, for those who do not see the page. */
  readonly caption: string;
  readonly heads: readonly string[];
  /** Cells by row, each row as long as the heads. The first cell names the row. */
  readonly rows: ReadonlyArray<readonly Part[]>;
  /** True: only its caption is shown until somebody opens it. */
  readonly isFolded?: boolean;
  /** True: its last column holds sentences. */
  readonly isWordy?: boolean;
}

/** The table, in a box of its own that scrolls sideways where the screen is narrow. */
export function dataTable({ caption, heads, rows, ...how }: DataTable): Markup {
  const table = html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table${how.isWordy === true ? html` class="wordy"` : null}><caption>${caption}</caption><thead><tr>${heads.map(
    (head) => html`<th scope="col">${head}</th>`,
  )}</tr></thead><tbody>${rows.map(rowOf)}</tbody></table></div>`;
  return how.isFolded === true
    ? html`<details><summary>The numbers: ${caption}</summary>${table}</details>`
    : table;
}

function rowOf([name = null, ...cells]: readonly Part[]): Markup {
  return html`<tr><th scope="row">${name}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`;
}
