/** Marks that part the cells of a line in what the platforms and spreadsheets write. */
const DELIMITERS = [',', ';', '\t', '|'] as const;

/** Lines looked at to tell the delimiter. */
const PROBE_LINES = 60;

const SEP_LINE = /^"?sep=(.)"?\r?(?:\n|$)/i;

/** What a `sep=` line says, which spreadsheets write first; null without one. */
export function saidDelimiter(text: string): string | null {
  return SEP_LINE.exec(text.slice(0, 20))?.[1] ?? null;
}

/**
 * The delimiter: what a `sep=` line says, else the mark that cuts the most lines into equally many
 * cells, more than one. A text of one column gives a comma.
 */
export function delimiterOf(text: string): string {
  const said = saidDelimiter(text);
  if (said !== null) return said;
  let best = { delimiter: ',', score: 0 };
  for (const delimiter of DELIMITERS) {
    const score = scoreOf(text, delimiter);
    if (score > best.score) best = { delimiter, score };
  }
  return best.delimiter;
}

/** Lines of the most frequent width, times how telling that width is. */
function scoreOf(text: string, delimiter: string): number {
  const widths = new Map<number, number>();
  let lines = 0;
  for (const cells of csvRows(text, delimiter)) {
    if (lines++ === PROBE_LINES) break;
    if (cells.length > 1) widths.set(cells.length, (widths.get(cells.length) ?? 0) + 1);
  }
  let best = 0;
  for (const [width, count] of widths) best = Math.max(best, count * Math.min(width, 20));
  return best;
}

const QUOTE = '"';

/**
 * The rows of a delimited text, cells without their quotes. Lines end with LF, CRLF or CR; a cell in
 * quotes may hold delimiters, line ends and doubled quotes; a quote inside a bare cell is a letter. A
 * `sep=` line is a row like any other. Lines without anything are rows of one empty cell.
 */
export function* csvRows(text: string, delimiter: string): Generator<readonly string[]> {
  const ends = { feed: -1, back: -1 };
  for (let from = 0; from < text.length; ) {
    const end = lineEnd(text, from, ends);
    const line = text.slice(from, end);
    if (!line.includes(QUOTE)) {
      yield line.split(delimiter);
      from = afterEnd(text, end);
    } else {
      const row = quotedRow(text, from, delimiter);
      yield row.cells;
      from = row.next;
    }
  }
}

/** The nearest line end; `ends` remembers the next of each kind, so that each is looked for once. */
function lineEnd(text: string, from: number, ends: { feed: number; back: number }): number {
  if (ends.feed < from) ends.feed = nextOf(text, '\n', from);
  if (ends.back < from) ends.back = nextOf(text, '\r', from);
  return ends.feed < ends.back ? ends.feed : ends.back;
}

function nextOf(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from);
  return found === -1 ? text.length : found;
}

/** Where the next line begins, when one ends at `end`. */
function afterEnd(text: string, end: number): number {
  return text[end] === '\r' && text[end + 1] === '\n' ? end + 2 : end + 1;
}

/** One row in which there are quotes, cell by cell. */
function quotedRow(
  text: string,
  start: number,
  delimiter: string,
): { readonly cells: readonly string[]; readonly next: number } {
  const cells: string[] = [];
  let at = start;
  for (;;) {
    const cell = text[at] === QUOTE ? quotedCell(text, at) : { text: '', end: at };
    const rest = bareEnd(text, cell.end, delimiter);
    cells.push(cell.text + text.slice(cell.end, rest));
    if (text[rest] !== delimiter) return { cells, next: afterEnd(text, rest) };
    at = rest + 1;
  }
}

/** A quoted cell; one that is never closed ends with the text. */
function quotedCell(text: string, start: number): { readonly text: string; readonly end: number } {
  let out = '';
  let from = start + 1;
  for (;;) {
    const close = text.indexOf(QUOTE, from);
    if (close === -1) return { text: out + text.slice(from), end: text.length };
    out += text.slice(from, close);
    if (text[close + 1] !== QUOTE) return { text: out, end: close + 1 };
    out += QUOTE;
    from = close + 2;
  }
}

function bareEnd(text: string, from: number, delimiter: string): number {
  let at = from;
  while (at < text.length) {
    const char = text[at];
    if (char === delimiter || char === '\n' || char === '\r') break;
    at++;
  }
  return at;
}
