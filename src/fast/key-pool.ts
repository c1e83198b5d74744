/** A key with more bytes than this is left to the plain path. */
const MOST_KEY_BYTES = 1_000;
const WORD_BYTES = 4;
/** Begins a part that is not there, and ends and begins one that is: parts compare as text does. */
const ABSENT = 0;
const PRESENT = 1;

/**
 * Natural keys as bytes, one after the other, each padded with zeros to whole words. Bytes of two keys
 * compare as the keys do: part by part, by code unit, what is absent first. Parts that are added here hold plain
 * ASCII only; a copied key may hold other text as UTF-8.
 */
export class KeyPool {
  bytes = new Uint8Array(WORD_BYTES * 1_024);
  words = new Int32Array(this.bytes.buffer);
  /** Words that are taken. */
  end = 0;
  private at = 0;

  /** Begins a key. */
  begin(): void {
    this.at = this.end * WORD_BYTES;
    if (this.bytes.length < this.at + MOST_KEY_BYTES + WORD_BYTES) this.grow();
  }

  /** A part of the key that is absent. */
  absent(): void {
    this.bytes[this.at++] = ABSENT;
  }

  /** A part of the key as it lies in JSON text; false when its bytes are not the text itself. */
  part(view: DataView, from: number, to: number): boolean {
    const { bytes } = this;
    let at = this.at;
    if (at + to - from + WORD_BYTES > this.end * WORD_BYTES + MOST_KEY_BYTES) return false;
    bytes[at++] = PRESENT;
    for (let place = from; place < to; place++) {
      const code = view.getUint8(place);
      if (code < 0x20 || code > 0x7e || code === 0x22 || code === 0x5c) return false;
      bytes[at++] = code;
    }
    bytes[at++] = ABSENT;
    this.at = at;
    return true;
  }

  /** Ends the key; it is kept when `end` is set to what this gives. */
  finish(): number {
    while (this.at % WORD_BYTES !== 0) this.bytes[this.at++] = 0;
    return this.at / WORD_BYTES;
  }

  /** Adds a key of texts; false when it is not one that can be compared here. */
  add(parts: Iterable<string | null>): boolean {
    this.begin();
    for (const part of parts) {
      if (part === null) this.absent();
      else if (!this.part(viewOf(part), 0, Buffer.byteLength(part))) return false;
    }
    this.end = this.finish();
    return true;
  }

  /** Adds a copy of a key of another pool. */
  copy(from: Int32Array, first: number, last: number): void {
    this.begin();
    for (let word = first; word < last; word++) this.words[this.end++] = from[word] ?? 0;
  }

  /** The first `count` parts of a key. */
  parts(first: number, count: number): readonly (string | null)[] {
    const parts: (string | null)[] = [];
    for (let at = first * WORD_BYTES; parts.length < count; at++) {
      if (this.bytes[at] === PRESENT) {
        const to = this.bytes.indexOf(ABSENT, at);
        parts.push(Buffer.from(this.bytes.subarray(at + 1, to)).toString('utf8'));
        at = to;
      } else parts.push(null);
    }
    return parts;
  }

  private grow(): void {
    const bytes = new Uint8Array(this.bytes.length * 2 + WORD_BYTES * MOST_KEY_BYTES);
    bytes.set(this.bytes);
    this.bytes = bytes;
    this.words = new Int32Array(bytes.buffer);
  }
}

function viewOf(text: string): DataView {
  const bytes = Uint8Array.from(Buffer.from(text));
  return new DataView(bytes.buffer);
}
