/** More than the longest token that is compared at once. */
const SLACK_BYTES = 128;

/**
 * Bytes with zeros behind them. A zero ends every string, number and token of JSON, so that what reads
 * ahead need not ask at each byte whether there is another one.
 */
export class Room {
  /** All of it, slack included; what is in use begins at 0. */
  bytes: Buffer;
  view: DataView;

  constructor(size = 0) {
    this.bytes = Buffer.alloc(0);
    this.view = viewOf(this.bytes);
    this.reserve(size);
  }

  /** How many bytes can be put into it. */
  get size(): number {
    return this.bytes.length - SLACK_BYTES;
  }

  /** Makes it large enough for `size` bytes. What was in it is lost when it has to grow. */
  reserve(size: number): void {
    if (this.size >= size && this.bytes.length > 0) return;
    this.bytes = Buffer.from(new ArrayBuffer(size + SLACK_BYTES));
    this.view = viewOf(this.bytes);
  }

  /** As `reserve`, with the first `keep` bytes kept. */
  extend(size: number, keep: number): void {
    const { bytes } = this;
    this.reserve(size);
    if (bytes !== this.bytes) bytes.copy(this.bytes, 0, 0, keep);
  }

  /** Puts zeros behind the first `size` bytes. */
  end(size: number): void {
    this.bytes.fill(0, size, size + SLACK_BYTES);
  }

  /** A room that holds a copy of the bytes. */
  static of(bytes: Uint8Array): Room {
    const room = new Room(bytes.length);
    room.bytes.set(bytes);
    room.end(bytes.length);
    return room;
  }
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
