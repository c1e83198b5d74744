/** One key as bytes from the beginning on, padded with zeros to whole words. */
interface OneKey {
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
  /** Words that it takes. */
  readonly end: number;
}

/** True when a key comes after another one: part by part, by code unit, what is absent first. */
export function isKeyAfter(key: OneKey, other: OneKey): boolean {
  const length = Math.min(key.end, other.end);
  for (let word = 0; word < length; word++) {
    if (key.words[word] !== other.words[word]) return isAfterIn(key, other, word);
  }
  return key.end > other.end;
}

const WORD_BYTES = 4;

/** Compares the bytes of the word in which two keys differ. */
function isAfterIn(key: OneKey, other: OneKey, word: number): boolean {
  for (let at = word * WORD_BYTES; ; at++) {
    const [own = 0, its = 0] = [key.bytes[at], other.bytes[at]];
    if (own !== its) return own > its;
  }
}
