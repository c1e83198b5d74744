/** Fewer bytes than a word has cannot be compared by words. */
const WORD_BYTES = 4;

/** No more than a room has zeros at its end. */
const MOST_BYTES = 120;

/** Bytes that are known beforehand, made ready to be compared four at a time. */
export interface Literal {
  readonly length: number;
  /** Whole words, little-endian. */
  readonly words: Int32Array;
  /** The last four bytes, which may overlap the words, and where they begin. */
  readonly tail: number;
  readonly tailAt: number;
}

/** The text's bytes, or null when they are too few or too many to be compared in this way. */
export function literalOf(text: string): Literal | null {
  const bytes = Buffer.from(text);
  const { length } = bytes;
  if (length < WORD_BYTES || length > MOST_BYTES) return null;
  const words = Int32Array.from({ length: Math.floor(length / WORD_BYTES) }, (_, at) =>
    bytes.readInt32LE(at * WORD_BYTES),
  );
  const tailAt = length - WORD_BYTES;
  return { length, words, tail: bytes.readInt32LE(tailAt), tailAt };
}

/** Whether the literal begins at `at`. The view must have as many bytes from there. */
export function isAt(view: DataView, literal: Literal, at: number): boolean {
  const { words } = literal;
  let from = at;
  for (let word = 0; word < words.length; word++) {
    if (view.getInt32(from, true) !== words[word]) return false;
    from += WORD_BYTES;
  }
  return view.getInt32(at + literal.tailAt, true) === literal.tail;
}
