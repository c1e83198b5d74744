const WORD_BYTES = 4;
/** A key with more bytes than this is left to the plain path. */
const MOST_KEY_BYTES = 900;
/** Begins a part that is not there, and ends and begins one that is: parts compare as text does. */
const ABSENT = 0;
const PRESENT = 1;

/**
 * One natural key as bytes, laid out as in a `KeyPool`. Bytes of two keys compare as the keys do: part by
 * part, by code unit, what is absent first. Parts may be any text without control characters
 * and without letters beyond the basic plane, whose bytes sort otherwise than their code units.
 */
export class KeyBytes {
  readonly bytes: Uint8Array = new Uint8Array(MOST_KEY_BYTES + WORD_BYTES * 2);
  readonly words: Int32Array = new Int32Array(this.bytes.buffer);
  /** Its words are those from `first` up to, and without, `end`. */
  readonly first = 0;
  end = 0;
  private at = 0;

  /** Sets the key; false when it is not one that can be compared here. */
  set(parts: Iterable<string | null>): boolean {
    this.at = 0;
    for (const part of parts) if (!this.add(part)) return false;
    while (this.at % WORD_BYTES !== 0) this.bytes[this.at++] = 0;
    this.end = this.at / WORD_BYTES;
    return true;
  }

  private add(part: string | null): boolean {
    const { bytes } = this;
    if (part === null) {
      bytes[this.at++] = ABSENT;
      return this.at < MOST_KEY_BYTES;
    }
    if (this.at + part.length * BYTES_OF_LETTER > MOST_KEY_BYTES) return false;
    let { at } = this;
    bytes[at++] = PRESENT;
    for (let place = 0; place < part.length; place++) {
      const code = part.charCodeAt(place);
      if (code < 0x20 || (code >= 0xd800 && code <= 0xdfff)) return false;
      if (code < 0x80) bytes[at++] = code;
      else if (code < 0x800) {
        bytes[at++] = 0xc0 | (code >> 6);
        bytes[at++] = 0x80 | (code & 0x3f);
      } else {
        bytes[at++] = 0xe0 | (code >> 12);
        bytes[at++] = 0x80 | ((code >> 6) & 0x3f);
        bytes[at++] = 0x80 | (code & 0x3f);
      }
    }
    bytes[at++] = ABSENT;
    this.at = at;
    return true;
  }
}

/** Most bytes that a letter of the basic plane takes. */
const BYTES_OF_LETTER = 3;
