import type { Hash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { Room } from './room.ts';

const LINE_END = 0x0a;
/** So much of a file is in memory at a time, and no more than it is long: most months are short. */
const PIECE_BYTES = 2_000_000;
/** For a file that was empty when it was opened. */
const LEAST_BYTES = 1_000;
const NOT_FOUND = -1;

/** Reads a file line by line, a piece of it in memory at a time. Close it when done. */
export class LineReader {
  readonly room: Room;
  /** Where the line that was read last lies in the room, without its line end. */
  from = 0;
  to = 0;
  private readonly handle: number;
  /** Bytes in the room, and where the next line begins. */
  private size = 0;
  private at = 0;
  private isEnded = false;
  private readonly hash: Hash | null;

  /** `hash` takes up what is read. Throws `ENOENT` when there is no such file. */
  constructor(path: string, hash: Hash | null = null) {
    this.handle = openSync(path, 'r');
    this.hash = hash;
    const { size } = fstatSync(this.handle);
    this.room = new Room(Math.min(PIECE_BYTES, Math.max(LEAST_BYTES, size)));
  }

  /** Goes to the next line; false at the end. What comes after the last line end is a line too. */
  next(): boolean {
    let end = this.endFrom(this.at);
    while (end === NOT_FOUND && !this.isEnded) {
      const searched = this.size - this.at;
      this.read();
      end = this.endFrom(this.at + searched);
    }
    if (end === NOT_FOUND && this.at === this.size) return false;
    this.from = this.at;
    this.to = end === NOT_FOUND ? this.size : end;
    this.at = end === NOT_FOUND ? this.size : end + 1;
    return true;
  }

  /** The line that was read last. */
  text(): string {
    return this.room.bytes.toString('utf8', this.from, this.to);
  }

  close(): void {
    closeSync(this.handle);
  }

  private endFrom(from: number): number {
    const end = this.room.bytes.indexOf(LINE_END, from);
    return end < this.size ? end : NOT_FOUND;
  }

  /** Moves the line that has begun to the front and reads on behind it. */
  private read(): void {
    const { room } = this;
    const begun = this.size - this.at;
    room.bytes.copyWithin(0, this.at, this.size);
    if (begun === room.size) room.extend(room.size * 2, begun);
    const count = readSync(this.handle, room.bytes, begun, room.size - begun, null);
    this.hash?.update(room.bytes.subarray(begun, begun + count));
    this.isEnded = count === 0;
    this.size = begun + count;
    this.at = 0;
    room.end(this.size);
  }
}

/** A reader of a file's lines; null when there is no such file. */
export function linesIn(path: string, hash: Hash | null = null): LineReader | null {
  try {
    return new LineReader(path, hash);
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return null;
    throw error;
  }
}
