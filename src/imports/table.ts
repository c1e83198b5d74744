import { gunzipSync } from 'node:zlib';
import { csvRows } from './csv-text.ts';
import { decode } from './encoding.ts';
import { type JsonRows, jsonRows, parseJson } from './json-rows.ts';
import type { Layout } from './reading.ts';
import { refusal } from './refusal.ts';
import { openWorkbook } from './xlsx.ts';
import { MAX_UNPACKED_BYTES } from './zip.ts';

/** The rows of a file, to be gone through as often as needed. Row n of people is the nth of them. */
export type Table = () => Iterable<readonly string[]>;

/** Opens the rows of a file by its layout. Rows of JSON have a first row of their paths. */
export function openTable(layout: Layout, bytes: Buffer): Table {
  if (layout.format === 'csv') {
    const text = decode(layout.isGzip ? gunzip(bytes) : bytes, layout.encoding);
    return () => csvRows(text, layout.delimiter);
  }
  if (layout.format === 'json') {
    const value = parseJson(decode(layout.isGzip ? gunzip(bytes) : bytes, 'utf-8'));
    const found = layout.rows.map((path) => jsonRows(value, path)).find((one) => one !== null);
    const rows = found === undefined || found === null ? [] : tableOf(found, layout.headers);
    return () => rows;
  }
  const sheet = openWorkbook(bytes).sheets.find(({ name }) => name === layout.sheet);
  const rows = sheet?.rows() ?? [];
  return () => rows;
}

/** Headers and rows; with `headers`, the columns named, in their order. */
function tableOf(found: JsonRows, headers?: readonly string[]): readonly (readonly string[])[] {
  if (headers === undefined) return [found.headers, ...found.rows];
  const places = headers.map((header) => found.headers.indexOf(header));
  return [headers, ...found.rows.map((row) => places.map((at) => row[at] ?? ''))];
}

/** True when bytes are packed with gzip. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** Unpacks gzip, up to the limit that all packed files have. Throws `IMPORT_REFUSED`. */
export function gunzip(bytes: Buffer): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_UNPACKED_BYTES });
  } catch (cause) {
    const isLarge = (cause as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE';
    throw refusal(
      isLarge
        ? `The file unpacks to more than ${MAX_UNPACKED_BYTES / 1_000_000} MB.`
        : 'The file is packed with gzip, and cut short or broken.',
      isLarge ? 'Export fewer days at once.' : 'Download it again.',
    );
  }
}
