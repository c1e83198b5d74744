import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { html } from '../../src/report/html.ts';

describe('markup', () => {
  it('is made of templates alone: whatever is put in is text, in a tag too', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const made = html`<p title="${name}">${name}</p>`.text;
        expect(made.match(/[<>]/g)).toEqual(['<', '>', '<', '>']);
        expect(made.match(/"/g)).toEqual(['"', '"']);
      }),
    );
    expect(html`${'<b>&"\'`'}`.text).toBe('&lt;b&gt;&amp;&quot;&#39;&#96;');
    expect(html`${'a\u0000\u0007b\tc'}`.text).toBe('ab\tc');
  });
});
