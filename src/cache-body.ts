import { hashOf } from './file.ts';

/**
 * The bytes of a file of the cache whose content is trusted without a look at its parts: a line with the
 * format and the SHA-256 of all that follows, and then the value as JSON.
 */
export function sealCache(format: number, value: unknown): Buffer {
  const body = Buffer.from(JSON.stringify(value));
  return Buffer.concat([Buffer.from(`${headOf(format, body)}\n`), body]);
}

/**
 * What `sealCache` was given, or null: there is no file, it is of another format, or its bytes are not
 * those that were written. A damaged cache is then made anew, and nobody reads half of it.
 */
export function openCache(bytes: Buffer | null, format: number): unknown {
  if (bytes === null) return null;
  const end = bytes.indexOf(NEWLINE);
  const body = bytes.subarray(end + 1);
  const isOurs = end > 0 && bytes.toString('utf8', 0, end) === headOf(format, body);
  return isOurs ? (JSON.parse(body.toString('utf8')) as unknown) : null;
}

const NEWLINE = 0x0a;

function headOf(format: number, body: Buffer): string {
  return JSON.stringify({ format, sha256: hashOf(body) });
}
