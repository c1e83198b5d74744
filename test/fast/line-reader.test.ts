import { createHash } from 'node:crypto';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type LineReader, linesIn } from '../../src/fast/line-reader.ts';
import { temporaryLake } from '../helpers/lake.ts';

/** Every line of a file, as a reader gives it. */
function linesOf(reader: LineReader | null): readonly string[] {
  const lines: string[] = [];
  while (reader?.next() === true) lines.push(reader.text());
  reader?.close();
  return lines;
}

function written(text: string): string {
  const path = join(temporaryLake().home, 'lines');
  writeFileSync(path, text);
  return path;
}

describe('a file that is read line by line', () => {
  it.each([
    ['is empty', ''],
    ['has one line', 'a\n'],
    ['has one line without an end', 'a'],
    ['has empty lines', '\n\na\n\n'],
    ['is as long as the least room', `${'a'.repeat(999)}\n`],
    ['is as long as that without an end', 'a'.repeat(1_000)],
    ['is a little longer', `${'a'.repeat(1_000)}\n${'b'.repeat(3)}`],
    ['has a line longer than a piece', `a\n${'b'.repeat(4_500_000)}\nc\n`],
    ['has many pieces', `${`${'a'.repeat(99)}\n`.repeat(50_000)}end`],
  ])('gives all of its lines when it %s', (_, text) => {
    const lines = text.split('\n');
    if (lines.at(-1) === '') lines.pop();
    expect(linesOf(linesIn(written(text)))).toEqual(lines);
  });

  it('is hashed as a whole', () => {
    const text = 'line\n'.repeat(700_000);
    const hash = createHash('sha256');
    linesOf(linesIn(written(text), hash));
    expect(hash.digest('hex')).toBe(createHash('sha256').update(text).digest('hex'));
  });

  it('takes no more room than it is long, and less than a piece only when it is short', () => {
    const room = (bytes: number): number => {
      const reader = linesIn(written('a'.repeat(bytes)));
      reader?.close();
      return reader?.room.size ?? 0;
    };
    expect([0, 5_000, 9_000_000].map(room)).toEqual([1_000, 5_000, 2_000_000]);
  });

  it('is read to its end when it has grown since it was opened', () => {
    const path = written('');
    const reader = linesIn(path);
    appendFileSync(path, 'one line\n'.repeat(1_000));
    expect(linesOf(reader)).toHaveLength(1_000);
  });

  it('may not be there', () => {
    expect(linesIn(join(temporaryLake().home, 'none'))).toBe(null);
  });
});
