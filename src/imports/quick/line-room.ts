const FIRST_BYTES = 1_000_000;
/** Most bytes that a UTF-16 code unit takes in UTF-8. */
const BYTES_OF_UNIT = 3;

/** Texts as bytes, one behind the other. */
export class LineRoom {
  private bytes = Buffer.allocUnsafe(FIRST_BYTES);
  private end = 0;

  /** Adds a text and gives where it lies: from, and the place behind it. */
  add(text: string): readonly [from: number, to: number] {
    const from = this.end;
    const most = from + text.length * BYTES_OF_UNIT;
    if (most > this.bytes.length) this.grow(most);
    this.end += this.bytes.write(text, from, 'utf8');
    return [from, this.end];
  }

  text(from: number, to: number): string {
    return this.bytes.toString('utf8', from, to);
  }

  /** A copy of all that was added; the room is empty afterwards. */
  emptied(): Buffer {
    const all = Buffer.allocUnsafeSlow(this.end);
    this.bytes.copy(all, 0, 0, this.end);
    this.end = 0;
    return all;
  }

  private grow(least: number): void {
    const more = Buffer.allocUnsafe(Math.max(least, this.bytes.length * 2));
    this.bytes.copy(more, 0, 0, this.end);
    this.bytes = more;
  }
}
