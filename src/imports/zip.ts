import { inflateRawSync } from 'node:zlib';
import { refusal } from './refusal.ts';

/** A file inside an archive. */
export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly packed: number;
  readonly unpacked: number;
  /** Where its own header lies in the archive. */
  readonly at: number;
}

/** Most bytes that one file of an archive may unpack to: an export of a million rows has less. */
export const MAX_UNPACKED_BYTES = 400_000_000;
/** Files in a workbook; one of many sheets and pictures has fewer. */
const MAX_ENTRIES = 10_000;

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_HEADER = 0x04034b50;
/** The end record is 22 bytes, and a comment of at most 65,535 may follow it. */
const END_BYTES = 22;
const MAX_COMMENT_BYTES = 65_535;
const ENCRYPTED = 1;
const STORED = 0;
const DEFLATED = 8;

/**
 * Lists an archive by its directory, so that nothing is unpacked that is not asked for. Names are
 * only compared and never used as paths. Throws `IMPORT_REFUSED` for what is no archive.
 */
export function zipEntries(bytes: Buffer): readonly ZipEntry[] {
  const end = endOfDirectory(bytes);
  const count = bytes.readUInt16LE(end + 10);
  let at = bytes.readUInt32LE(end + 16);
  if (count > MAX_ENTRIES) throw broken(`has ${count} files in it, more than ${MAX_ENTRIES}`);
  const entries: ZipEntry[] = [];
  for (let index = 0; index < count; index++) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== DIRECTORY_ENTRY) {
      throw broken('has a directory that is cut short');
    }
    const nameBytes = bytes.readUInt16LE(at + 28);
    const rest = bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
    const isEncrypted = (bytes.readUInt16LE(at + 8) & ENCRYPTED) !== 0;
    if (isEncrypted) throw broken('is protected with a password');
    entries.push({
      name: bytes.toString('utf8', at + 46, at + 46 + nameBytes),
      method: bytes.readUInt16LE(at + 10),
      packed: bytes.readUInt32LE(at + 20),
      unpacked: bytes.readUInt32LE(at + 24),
      at: bytes.readUInt32LE(at + 42),
    });
    at += 46 + nameBytes + rest;
  }
  return entries;
}

/**
 * Unpacks one file. It stops at `MAX_UNPACKED_BYTES` whatever the directory says, so a bomb costs no
 * more than that. Throws `IMPORT_REFUSED`.
 */
export function unzipEntry(bytes: Buffer, entry: ZipEntry): Buffer {
  if (entry.at + 30 > bytes.length || bytes.readUInt32LE(entry.at) !== LOCAL_HEADER) {
    throw broken(`has no file where ${JSON.stringify(entry.name)} should lie`);
  }
  const from =
    entry.at + 30 + bytes.readUInt16LE(entry.at + 26) + bytes.readUInt16LE(entry.at + 28);
  const packed = bytes.subarray(from, from + entry.packed);
  if (entry.unpacked > MAX_UNPACKED_BYTES) throw tooLarge(entry.name);
  if (entry.method === STORED) return packed;
  if (entry.method !== DEFLATED)
    throw broken(`is packed by a method (${entry.method}) that is not read`);
  try {
    return inflateRawSync(packed, {
      maxOutputLength: Math.min(MAX_UNPACKED_BYTES, entry.unpacked + 1),
    });
  } catch (cause) {
    if ((cause as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(entry.name);
    throw broken(`has a part, ${JSON.stringify(entry.name)}, that cannot be unpacked`);
  }
}

function endOfDirectory(bytes: Buffer): number {
  const first = Math.max(0, bytes.length - END_BYTES - MAX_COMMENT_BYTES);
  for (let at = bytes.length - END_BYTES; at >= first; at--) {
    if (bytes.readUInt32LE(at) === END_OF_DIRECTORY) return at;
  }
  throw broken('is cut short: the directory at its end is missing');
}

function broken(found: string) {
  return refusal(
    `The workbook ${found}.`,
    'Export it again, or open it and save it as .xlsx or CSV (UTF-8), without a password.',
  );
}

function tooLarge(name: string) {
  return refusal(
    `The workbook unpacks to more than it may: ${JSON.stringify(name)} is larger than its directory says, or than ${MAX_UNPACKED_BYTES / 1_000_000} MB.`,
    'Export fewer days at once, or as CSV.',
  );
}
