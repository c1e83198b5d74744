import { html, type Markup } from '../html.ts';

/** A word that judges, with a sign before it, so that nobody needs to tell colours apart. */
export function chip(title: string, sign: string): Markup {
  return html`<span class="chip">${sign} ${title}</span>`;
}
