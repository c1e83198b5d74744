/** Pieces of a file are given away when they are about so long. */
const PIECE_BYTES = 1_000_000;
/** Most months are short: zeros for a whole piece would take longer than their lines. */
const FIRST_BYTES = 30_000;
/** Words are copied whole, so that up to three bytes are written beyond the end. */
const SLACK_BYTES = 16;
const ZERO = 0x30;
const POINT = 0x2e;
const MOST_SMALL = 2 ** 31 - 1;

/** Lines of a CSV file on their way to the disk. What is written goes into the room that was reserved. */
export class CsvBytes {
  at = 0;
  private bytes = Buffer.alloc(0);
  private view = new DataView(new ArrayBuffer(0));
  private readonly give: (bytes: Uint8Array) => void;

  constructor(give: (bytes: Uint8Array) => void) {
    this.give = give;
    this.grow(FIRST_BYTES);
  }

  /** Makes room for `size` bytes more. Call it between lines only. */
  reserve(size: number): void {
    if (this.bytes.length - this.at - SLACK_BYTES >= size) return;
    if (this.bytes.length < PIECE_BYTES) {
      this.widen(size);
      return;
    }
    this.flush();
    if (this.bytes.length - SLACK_BYTES < size) this.grow(size);
  }

  /** Gives away what has been written. */
  flush(): void {
    if (this.at > 0) this.give(this.bytes.subarray(0, this.at));
    this.at = 0;
  }

  byte(code: number): void {
    this.view.setUint8(this.at++, code);
  }

  /** Copies bytes, four at a time; the source must have three more behind `to`. */
  copy(from: DataView, start: number, to: number): void {
    const { view } = this;
    let { at } = this;
    for (let place = start; place < to; place += 4) {
      view.setInt32(at, from.getInt32(place, true), true);
      at += 4;
    }
    this.at += to - start;
  }

  /** Writes bytes that are known beforehand; see `constant`. */
  put({ view, length }: Constant): void {
    this.copy(view, 0, length);
  }

  text(text: string): void {
    this.at += this.bytes.write(text, this.at);
  }

  /** A whole number from 0 on. */
  whole(number: number): void {
    if (number > MOST_SMALL) {
      this.text(String(number));
      return;
    }
    let digits = 1;
    for (let rest = (number / 10) | 0; rest > 0; rest = (rest / 10) | 0) digits++;
    this.digits(number, digits);
  }

  /** A whole number of units of `10^-places`, as decimal text without zeros to spare. */
  decimal(units: number, places: number): void {
    const scale = 10 ** places;
    const whole = Math.floor(units / scale);
    let part = units - whole * scale;
    this.whole(whole);
    if (part === 0) return;
    let length = places;
    for (; part % 10 === 0; part /= 10) length--;
    this.byte(POINT);
    this.digits(part, length);
  }

  /** What has been written since `from`, as text. */
  textFrom(from: number): string {
    return this.bytes.toString('utf8', from, this.at);
  }

  private digits(number: number, count: number): void {
    let rest = number | 0;
    for (let at = this.at + count - 1; at >= this.at; at--) {
      const tenth = (rest / 10) | 0;
      this.view.setUint8(at, ZERO + rest - tenth * 10);
      rest = tenth;
    }
    this.at += count;
  }

  /** What has been written stays in it, so that pieces are as long as if it had been so wide from the start. */
  private widen(size: number): void {
    const written = this.bytes.subarray(0, this.at);
    this.grow(Math.max(Math.min(PIECE_BYTES, this.bytes.length * 8), this.at + size));
    written.copy(this.bytes);
  }

  private grow(size: number): void {
    this.bytes = Buffer.from(new ArrayBuffer(size + SLACK_BYTES));
    this.view = new DataView(this.bytes.buffer);
  }
}

/** Bytes that are written often. */
export interface Constant {
  readonly view: DataView;
  readonly length: number;
}

/** The text's bytes, made ready to be copied. */
export function constant(text: string): Constant {
  const bytes = Buffer.from(text);
  const view = new DataView(new ArrayBuffer(bytes.length + SLACK_BYTES));
  for (const [at, byte] of bytes.entries()) view.setUint8(at, byte);
  return { view, length: bytes.length };
}
