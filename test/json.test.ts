import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elementsOf, memberOf, minify } from '../src/json.ts';

describe('minify', () => {
  it('means the same as the text it was given, whatever the white space', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 1, 2, '\t'), (value, indent) => {
        expect(minify(JSON.stringify(value, null, indent))).toBe(JSON.stringify(value));
      }),
    );
  });

  it('keeps number spellings and escapes to the letter', () => {
    const text = '{ "a" : 1.10e2 , "b" : 120210000000000001 , "c" : "\\u00e9 \\" x" }';
    expect(minify(text)).toBe('{"a":1.10e2,"b":120210000000000001,"c":"\\u00e9 \\" x"}');
  });
});

describe('elementsOf', () => {
  it('cuts an array into its elements', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), (values) => {
        const elements = elementsOf(JSON.stringify(values));
        expect(elements).toEqual(values.map((value) => JSON.stringify(value)));
      }),
    );
  });
});

describe('memberOf', () => {
  it('gives the text of a member, the last when it is there twice', () => {
    expect(memberOf('{"a":1,"b":{"a":2},"a":[3]}', 'a')).toBe('[3]');
    expect(memberOf('{"\\u0061":1.50}', 'a')).toBe('1.50');
    expect(memberOf('{}', 'a')).toBeUndefined();
  });
});
