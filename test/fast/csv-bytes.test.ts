import { describe, expect, it } from 'vitest';
import { CsvBytes } from '../../src/fast/csv-bytes.ts';

describe('lines on their way to a CSV file', () => {
  it.each([
    ['few', 3, 20],
    ['many', 30_000, 100],
    ['long', 4, 700_000],
    ['one longer than a piece', 1, 2_500_000],
  ])(
    'arrive whole and in order when they are %s, in pieces of about a megabyte',
    (_, count, length) => {
      const pieces: Buffer[] = [];
      const out = new CsvBytes((bytes) => pieces.push(Buffer.from(bytes)));
      const line = (at: number): string => `${String(at).padEnd(length - 1, 'x')}\n`;
      for (let at = 0; at < count; at++) {
        out.reserve(length);
        out.text(line(at));
      }
      out.flush();
      const lines = Array.from({ length: count }, (_, at) => line(at)).join('');
      expect(Buffer.concat(pieces).equals(Buffer.from(lines))).toBe(true);
      const least = Math.max(1, Math.floor((count * length) / 1_000_000));
      expect(pieces.length).toBeGreaterThanOrEqual(Math.min(count, least));
      expect(pieces.length).toBeLessThanOrEqual(Math.max(least + 1, Math.min(count, 4)));
    },
  );
});
