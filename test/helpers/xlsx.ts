import { deflateRawSync } from 'node:zlib';

/** A file of an archive that is to be written. */
export interface ZipPart {
  readonly name: string;
  readonly text: string | Buffer;
  /** Size that the directory claims; the true one when nothing is said. */
  readonly claimed?: number;
}

/** A ZIP archive with these files, packed. */
export function zipOf(parts: readonly ZipPart[]): Buffer {
  const locals: Buffer[] = [];
  const entries: Buffer[] = [];
  let at = 0;
  for (const { name, text, claimed } of parts) {
    const plain = Buffer.from(text);
    const packed = deflateRawSync(plain);
    const bytes = Buffer.from(name);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(8, 8);
    local.writeUInt16LE(bytes.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(8, 10);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt32LE(claimed ?? plain.length, 24);
    entry.writeUInt16LE(bytes.length, 28);
    entry.writeUInt32LE(at, 42);
    locals.push(local, bytes, packed);
    entries.push(entry, bytes);
    at += local.length + bytes.length + packed.length;
  }
  const directory = Buffer.concat(entries);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...locals, directory, end]);
}

/** A cell of a worksheet: text, a number as it stands in the XML, or a day as a serial number. */
export type SheetCell = string | { readonly number: string } | { readonly serial: number };

/** The parts of a workbook with one sheet of these rows. */
export function workbookParts(rows: readonly (readonly SheetCell[])[]): readonly ZipPart[] {
  const sheet = rows
    .map((cells, row) => {
      const inner = cells.map((cell, column) => cellXml(cell, `${letters(column)}${row + 1}`));
      return `<row r="${row + 1}">${inner.join('')}</row>`;
    })
    .join('');
  return partsAround(`<worksheet xmlns="x"><sheetData>${sheet}</sheetData></worksheet>`);
}

/** The parts of a workbook around the XML of its one sheet. */
export function partsAround(sheet: string): readonly ZipPart[] {
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  return [
    {
      name: '_rels/.rels',
      text: `<Relationships><Relationship Id="r1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    },
    {
      name: 'xl/workbook.xml',
      text: '<workbook xmlns="x" xmlns:r="y"><sheets><sheet name="Report" sheetId="1" r:id="r1"/></sheets></workbook>',
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      text: `<Relationships><Relationship Id="r1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="${office}/styles" Target="styles.xml"/></Relationships>`,
    },
    {
      name: 'xl/styles.xml',
      text: '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
    },
    { name: 'xl/worksheets/sheet1.xml', text: sheet },
  ];
}

/** A workbook with one sheet of these rows. */
export function workbookOf(rows: readonly (readonly SheetCell[])[]): Buffer {
  return zipOf(workbookParts(rows));
}

function cellXml(cell: SheetCell, reference: string): string {
  if (typeof cell !== 'string') {
    const [value, style] = 'number' in cell ? [cell.number, 0] : [cell.serial, 1];
    return `<c r="${reference}" s="${style}"><v>${value}</v></c>`;
  }
  if (cell === '') return '';
  return `<c r="${reference}" t="inlineStr"><is><t>${escaped(cell)}</t></is></c>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

function letters(column: number): string {
  const last = String.fromCharCode(65 + (column % 26));
  return column < 26 ? last : `${letters(Math.floor(column / 26) - 1)}${last}`;
}
