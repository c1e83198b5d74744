import type { RawRow } from './judge.ts';

const LINE_END = 0x0a;

/** The bytes of a raw file: each row's line with a line end, copied from its page where it can be. */
export function encodeLines(rows: readonly Pick<RawRow, 'line' | 'slice'>[]): Buffer {
  const bytes = Buffer.allocUnsafe(rows.reduce((sum, row) => sum + sizeOf(row) + 1, 0));
  let at = 0;
  for (const row of rows) {
    const { slice } = row;
    at +=
      slice === undefined
        ? bytes.write(row.line, at)
        : slice.bytes.copy(bytes, at, slice.from, slice.to);
    bytes[at++] = LINE_END;
  }
  return bytes;
}

function sizeOf(row: Pick<RawRow, 'line' | 'slice'>): number {
  return row.slice === undefined ? Buffer.byteLength(row.line) : row.slice.to - row.slice.from;
}
