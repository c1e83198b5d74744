/**
 * Lossless reading of JSON pages. `JSON.parse` alone would round 18-digit numbers, so a record's own
 * text is cut out of the page and kept.
 */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACE = 0x7d;
const CLOSE_BRACKET = 0x5d;
const COMMA = 0x2c;

/**
 * The text with all white space outside strings removed; escapes and number spellings stay as they
 * are. `text` must be valid JSON.
 */
export function minify(text: string): string {
  let out = '';
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === 0x20 || (code >= 0x09 && code <= 0x0d)) {
      out += text.slice(from, at);
      from = at + 1;
    }
  }
  return from === 0 ? text : out + text.slice(from);
}

/**
 * Cuts a JSON array into the texts of its elements. `text` must be a valid, minified JSON array,
 * brackets included.
 */
export function elementsOf(text: string): readonly string[] {
  const elements: string[] = [];
  let depth = 0;
  let from = 1;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === OPEN_BRACE || code === OPEN_BRACKET) depth++;
    else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) depth--;
    else if (code === COMMA && depth === 1) {
      elements.push(text.slice(from, at));
      from = at + 1;
    }
  }
  const last = text.slice(from, -1);
  if (last !== '') elements.push(last);
  return elements;
}

/**
 * The text of one member of a JSON object, or undefined. `text` must be a valid, minified JSON
 * object. When the name is there twice the last one counts, as in `JSON.parse`.
 */
export function memberOf(text: string, name: string): string | undefined {
  let found: string | undefined;
  for (const member of elementsOf(text)) {
    const end = endOfString(member, 0);
    if (JSON.parse(member.slice(0, end + 1)) === name) found = member.slice(end + 2);
  }
  return found;
}

/** Index of the quote that closes the string which opens at `open`. */
function endOfString(text: string, open: number): number {
  let at = open + 1;
  while (at < text.length && text.charCodeAt(at) !== QUOTE) {
    at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  }
  return at;
}
