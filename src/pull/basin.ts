/** What a basin begins with: the answers to most questions fit. */
const FIRST_BYTES = 64 * 1024;

/** One that has grown beyond this is not used again: pages of 500 insights take 2 to 6 MB. */
const MOST_KEPT_BYTES = 8 * 1024 * 1024;

/**
 * Where an answer is gathered as it comes, part by part. It is used again for the next answer: a new place
 * of megabytes for each of thousands of pages is memory that is given back late and in pieces.
 */
export class Basin {
  private bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  private length = 0;

  /** What was gathered; it is overwritten by the next answer. */
  get content(): Buffer {
    return this.bytes.subarray(0, this.length);
  }

  add(part: Uint8Array): void {
    const length = this.length + part.length;
    if (length > this.bytes.length) this.grow(length);
    this.bytes.set(part, this.length);
    this.length = length;
  }

  clear(): void {
    this.length = 0;
    if (this.bytes.length > MOST_KEPT_BYTES) this.bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  }

  private grow(atLeast: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(atLeast, 2 * this.bytes.length));
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
  }
}
