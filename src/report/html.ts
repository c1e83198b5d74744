/** Markup that is safe to put into a page: made by `html`, and by nothing else. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a template: text and numbers are escaped, markup stays, null and lists are what they hold. */
export type Part = string | number | Markup | null | readonly Part[];

/**
 * Markup from a template. Whatever is put into it is escaped, in text and in quoted attributes, so that
 * no name from an ad account can become markup.
 */
export function html(template: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  const text = template.reduce(
    (made, piece, at) => made + piece + (at < parts.length ? textOf(parts[at] ?? null) : ''),
    '',
  );
  return new Markup(text);
}

function textOf(part: Part): string {
  if (part === null) return '';
  if (part instanceof Markup) return part.text;
  if (typeof part === 'object') return part.map(textOf).join('');
  return String(part).replaceAll(UNSAFE, (found) => ENTITIES[found] ?? '');
}

/** Control characters have no place in a page; all else is written as it is, or as an entity. */
const UNSAFE = /[&<>"'`]|[^\P{Cc}\t\n\r]/gu;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};
