import { inflateRawSync } from 'node:zlib';

const END_SIGNATURE = 0x06054b50;
const ENTRY_SIGNATURE = 0x02014b50;
const LOCAL_SIGNATURE = 0x04034b50;
/** The end record has 22 bytes and a comment of at most 65,535. */
const END_BYTES = 22;
const MAX_COMMENT_BYTES = 65_535;
const LOCAL_HEADER_BYTES = 30;
const STORED = 0;
const DEFLATED = 8;

/** All reference rates since 1999 are about 1 MB; what is much larger is something else. */
const MAX_CONTENT_BYTES = 64 * 1024 * 1024;

/**
 * The content of a ZIP file that holds exactly one file (layout: PKWARE's APPNOTE). Throws an `Error`
 * when it is no such file, is encrypted, or would be larger than 64 MB.
 */
export function onlyEntry(bytes: Buffer): Buffer {
  const end = endOf(bytes);
  if (bytes.readUInt16LE(end + 10) !== 1) throw new Error('its ZIP does not hold exactly one file');
  const entry = bytes.readUInt32LE(end + 16);
  if (entry + 46 > bytes.length || bytes.readUInt32LE(entry) !== ENTRY_SIGNATURE) {
    throw new Error('its ZIP is damaged');
  }
  const isEncrypted = (bytes.readUInt16LE(entry + 8) & 1) === 1;
  const method = bytes.readUInt16LE(entry + 10);
  if (isEncrypted || (method !== STORED && method !== DEFLATED)) {
    throw new Error('its ZIP is packed in a way that is not known here');
  }
  const packed = packedBytes(bytes, entry);
  return method === STORED
    ? packed
    : inflateRawSync(packed, { maxOutputLength: MAX_CONTENT_BYTES });
}

function endOf(bytes: Buffer): number {
  const lowest = Math.max(0, bytes.length - END_BYTES - MAX_COMMENT_BYTES);
  for (let at = bytes.length - END_BYTES; at >= lowest; at--) {
    if (bytes.readUInt32LE(at) === END_SIGNATURE) return at;
  }
  throw new Error('its ZIP is not whole');
}

function packedBytes(bytes: Buffer, entry: number): Buffer {
  const size = bytes.readUInt32LE(entry + 20);
  const local = bytes.readUInt32LE(entry + 42);
  const isWhole = local + LOCAL_HEADER_BYTES <= bytes.length;
  if (!isWhole || bytes.readUInt32LE(local) !== LOCAL_SIGNATURE) {
    throw new Error('its ZIP is damaged');
  }
  const name = bytes.readUInt16LE(local + 26);
  const extra = bytes.readUInt16LE(local + 28);
  const from = local + LOCAL_HEADER_BYTES + name + extra;
  if (from + size > bytes.length) throw new Error('its ZIP is not whole');
  return bytes.subarray(from, from + size);
}
