import { SaxesParser } from 'saxes';
import { refusal } from './refusal.ts';

/** Text given to the parser at once. */
const PIECE_BYTES = 1 << 16;

/** What happens while a part of a workbook is read. Names come without their prefix. */
export interface XmlHandler {
  readonly open: (name: string, attributes: Readonly<Record<string, string>>) => void;
  readonly text: (text: string) => void;
  readonly close: (name: string) => void;
}

/**
 * Reads a part of a workbook. No part of an honest workbook has a document type, so one that has is
 * refused before any entity is looked at; nothing outside the part is ever opened. Throws
 * `IMPORT_REFUSED`.
 */
export function readXml(bytes: Buffer, handler: XmlHandler): void {
  const parser = new SaxesParser({ xmlns: false, fragment: false });
  parser.on('doctype', () => {
    throw refusal(
      'The workbook declares a document type of its own, which can pull in other files. No spreadsheet program writes that.',
      'Open it, save it anew as .xlsx or CSV, and import that.',
    );
  });
  parser.on('error', (error) => {
    throw refusal(
      `A part of the workbook is no XML: ${error.message}.`,
      'Open it, save it anew as .xlsx or CSV, and import that.',
    );
  });
  parser.on('opentag', ({ name, attributes }) => handler.open(bare(name), attributes));
  parser.on('text', handler.text);
  parser.on('cdata', handler.text);
  parser.on('closetag', ({ name }) => handler.close(bare(name)));
  const decoder = new TextDecoder('utf-8');
  for (let from = 0; from < bytes.length; from += PIECE_BYTES) {
    const piece = bytes.subarray(from, from + PIECE_BYTES);
    parser.write(decoder.decode(piece, { stream: true }));
  }
  parser.close();
}

function bare(name: string): string {
  const colon = name.indexOf(':');
  return colon === -1 ? name : name.slice(colon + 1);
}
