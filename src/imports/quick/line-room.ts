/**
 * More than glibc ever takes from the heap that threads share (32 MiB): what is as large comes from the system,
 * goes back to it when it is let go, and counts only as far as it was written to.
 */
const ROOM_BYTES = 34_000_000;
/** Most bytes that a UTF-16 code unit takes in UTF-8. */
const BYTES_OF_UNIT = 3;

/** Texts of one page after the other as bytes, which stay where they are. */
export class LineRoom {
  private bytes = Buffer.alloc(0);
  /** Where the page begins, and where its texts end. */
  private start = 0;
  private end = 0;

  /** Adds a text to the page and gives where it lies in it: from, and the place behind it. */
  add(text: string): readonly [from: number, to: number] {
    const most = this.end + text.length * BYTES_OF_UNIT;
    if (most > this.bytes.length) this.move(text.length * BYTES_OF_UNIT);
    const from = this.end - this.start;
    this.end += this.bytes.write(text, this.end, 'utf8');
    return [from, this.end - this.start];
  }

  /** A text of the page. */
  text(from: number, to: number): string {
    return this.bytes.toString('utf8', this.start + from, this.start + to);
  }

  /** Ends the page and gives its bytes. */
  page(): Buffer {
    const page = this.bytes.subarray(this.start, this.end);
    this.start = this.end;
    return page;
  }

  /** Goes on with the page in a new room, which has space for `size` bytes more. */
  private move(size: number): void {
    const page = this.bytes.subarray(this.start, this.end);
    const more = Buffer.allocUnsafeSlow(Math.max(ROOM_BYTES, page.length * 2 + size));
    page.copy(more);
    this.bytes = more;
    this.start = 0;
    this.end = page.length;
  }
}
