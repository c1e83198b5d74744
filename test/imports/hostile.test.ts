import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { shownName } from '../../src/imports/find-files.ts';
import { adlake } from '../helpers/command-line.ts';
import { imported, understood } from '../helpers/imports.ts';
import { keptLake, temporaryLake } from '../helpers/lake.ts';
import { partsAround, type SheetCell, workbookOf, workbookParts, zipOf } from '../helpers/xlsx.ts';

const HEAD = ['Campaign name', 'Ad name', 'Day', 'Amount spent (EUR)', 'Impressions'];
const ROW: readonly SheetCell[] = [
  'Autumn',
  'Video',
  '2026-03-01',
  { number: '1.5' },
  { number: '10' },
];

function sheetXml(cells: string): string {
  const head = HEAD.map((name) => `<c t="inlineStr"><is><t>${name}</t></is></c>`).join('');
  return `<worksheet><sheetData><row>${head}</row><row>${cells}</row></sheetData></worksheet>`;
}

function megabytes(count: number): Buffer {
  return Buffer.alloc(count * 1_000_000, ' ');
}

describe('a workbook that means harm', () => {
  it('is read when it means none', () => {
    expect(imported(workbookOf([HEAD, ROW]))[0]).toMatchObject({ spend: '1.5', ad_name: 'Video' });
  });

  it('is refused when it unpacks to more than its directory says', () => {
    const parts = workbookParts([HEAD, ROW]).map((part) =>
      part.name.endsWith('sheet1.xml')
        ? { name: part.name, text: megabytes(50), claimed: 1000 }
        : part,
    );
    expect(() => understood(zipOf(parts))).toThrow('unpacks to more than it may');
  });

  it('is refused before it is unpacked when it says that it is huge', () => {
    const parts = workbookParts([HEAD, ROW]).map((part) =>
      part.name.endsWith('sheet1.xml') ? { ...part, claimed: 4_000_000_000 } : part,
    );
    const before = process.memoryUsage().arrayBuffers;
    expect(() => understood(zipOf(parts))).toThrow('unpacks to more than it may');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000);
  });

  it('is refused when it declares a document type, so that no entity is ever opened', () => {
    const evil = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>';
    const xml = sheetXml('<c t="inlineStr"><is><t>&a;</t></is></c>');
    expect(() => understood(zipOf(partsAround(`${evil}${xml}`)))).toThrow(
      'a document type of its own',
    );
    const bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>';
    expect(() => understood(zipOf(partsAround(`${bomb}${xml}`)))).toThrow('a document type');
  });

  it('is refused when it has macros', () => {
    const parts = [...workbookParts([HEAD, ROW]), { name: 'xl/vbaProject.bin', text: 'x' }];
    expect(() => understood(zipOf(parts))).toThrow('has macros in it');
  });

  it('has its links to other files left alone', () => {
    const parts = workbookParts([HEAD, ROW]).map((part) =>
      part.name === 'xl/_rels/workbook.xml.rels'
        ? {
            ...part,
            text: String(part.text).replace(
              '</Relationships>',
              '<Relationship Id="r9" Type="x/sharedStrings" TargetMode="External" Target="http://localhost:1/x"/><Relationship Id="r8" Type="x/styles" Target="../../../../etc/passwd"/></Relationships>',
            ),
          }
        : part,
    );
    expect(imported(zipOf(parts))).toHaveLength(1);
  });

  it('has the value saved with a formula, and the formula never computed', () => {
    const cells = [
      '<c t="str"><f>HYPERLINK("http://x","y")</f><v>Autumn</v></c>',
      '<c t="inlineStr"><is><t>=cmd|calc</t></is></c>',
      '<c t="inlineStr"><is><t>2026-03-01</t></is></c>',
      '<c><f>1+1</f><v>2</v></c><c><v>10</v></c>',
    ];
    const [record] = imported(zipOf(partsAround(sheetXml(cells.join('')))));
    expect(record).toMatchObject({ campaign_name: 'Autumn', ad_name: '=cmd|calc', spend: '2' });
  });

  it('is refused with columns or rows that no worksheet has', () => {
    const wide = sheetXml('<c r="AAAAA2"><v>1</v></c>');
    expect(() => understood(zipOf(partsAround(wide)))).toThrow('which no worksheet can have');
    const long = '<worksheet><sheetData><row r="99999999"/></sheetData></worksheet>';
    expect(() => understood(zipOf(partsAround(long)))).toThrow('which no worksheet can have');
  });

  it('is refused when it is cut short, locked, or no workbook', () => {
    const whole = workbookOf([HEAD, ROW]);
    expect(() => understood(whole.subarray(0, whole.length - 30))).toThrow('cut short');
    const locked = Buffer.from(whole);
    locked.writeUInt16LE(1, locked.indexOf(Buffer.from([0x50, 0x4b, 1, 2])) + 8);
    expect(() => understood(locked)).toThrow('protected with a password');
    expect(() => understood(zipOf([{ name: '../../x.csv', text: 'a' }]))).toThrow('no workbook');
    const old = Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1]);
    expect(() => understood(old)).toThrow('workbook of the old kind');
  });

  it('has ids and figures that a spreadsheet has kept exact, and drops ids that it has rounded', () => {
    const head = ['Campaign ID', 'Campaign name', 'Day', 'Amount spent (EUR)', 'Impressions'];
    const rows: readonly (readonly SheetCell[])[] = [
      [
        '120210000000000011',
        'A',
        '2026-03-01',
        { number: '12.470000000000001' },
        { number: '1E3' },
      ],
      [{ number: '1.2021E17' }, 'B', { serial: 46082 }, { number: '0.1' }, { number: '10.0' }],
    ];
    const content = workbookOf([head, ...rows]);
    expect(imported(content)).toMatchObject([
      { object_key: '120210000000000011', spend: '12.47', impressions: '1000' },
      { object_key: '["B"]', date_start: '2026-03-01', spend: '0.1', impressions: '10' },
    ]);
    expect(understood(content).damagedIds).toBe(1);
  });
});

describe('a text file that means harm', () => {
  it('may have a million empty columns, which are none', () => {
    const commas = ','.repeat(1_000_000);
    const content = `${HEAD.join(',')}${commas}\nAutumn,Video,2026-03-01,1.5,10${commas}\n`;
    const before = process.cpuUsage();
    expect(imported(content)).toHaveLength(1);
    expect(process.cpuUsage(before).user / 1e6).toBeLessThan(10);
  });

  it('is refused when it unpacks to too much', () => {
    const bomb = gzipSync(megabytes(450), { level: 1 });
    expect(() => understood(bomb)).toThrow('unpacks to more than 400 MB');
  });

  it('has a formula as the text that it is, and refuses one for a figure', () => {
    const content = `${HEAD.join(',')}\n"=HYPERLINK(""http://x"")",@x,2026-03-01,=1+1,10\n`;
    const [record] = imported(content);
    expect(record).toMatchObject({ campaign_name: '=HYPERLINK("http://x")', spend: '=1+1' });
  });

  it('ends even where a quote is never closed', () => {
    const content = `${HEAD.join(',')}\n"Autumn,Video,2026-03-01,1.5,10\n`;
    expect(() => understood(content)).toThrow('no row under its headers');
  });

  it('is refused when it is deep, broken or no data at all', () => {
    expect(() => understood('['.repeat(200_000))).toThrow('broken or cut short');
    expect(() => understood('{"data":[{"spend"')).toThrow('broken or cut short');
    expect(() => understood('')).toThrow('The file is empty');
    expect(() => understood(Buffer.from('%PDF-1.7'))).toThrow('a PDF');
    expect(() => understood('<html><table>')).toThrow('a web page');
  });
});

describe('a name that means harm', () => {
  it('names nothing but itself', () => {
    expect(shownName('/x/..\\..\\etc/passwd')).toBe('passwd');
    expect(shownName('/x/a\u001b[31m\u202eb\n.csv')).toBe('a[31mb.csv');
  });

  it('leads no file out of the lake', async () => {
    const lake = temporaryLake().home;
    const folder = join(lake, 'in');
    mkdirSync(folder);
    const head = 'Account ID,Campaign name,Day,Amount spent (EUR),Impressions';
    writeFileSync(join(folder, 'x..%2f..%2f.csv'), `${head}\n../../../escaped,A,2026-03-01,1,10\n`);
    const { exitCode, stdout } = await adlake(['import', folder, '--lake', lake]);
    expect(exitCode).toBe(65);
    expect(stdout).toContain('which is no id of an account');
    expect(existsSync(join(lake, 'zones', 'landing', 'meta'))).toBe(false);
  });

  it('is not followed out of a folder by a link', async () => {
    const lake = temporaryLake().home;
    const folder = join(lake, 'in');
    mkdirSync(folder);
    symlinkSync('/etc', join(folder, 'link'));
    writeFileSync(join(lake, 'b.csv'), `${HEAD.join(',')}\nC,D,2026-03-01,1,10\n`);
    symlinkSync(join(lake, 'b.csv'), join(folder, 'b.csv'));
    writeFileSync(join(folder, 'a.csv'), `${HEAD.join(',')}\nA,B,2026-03-01,1,10\n`);
    const { stdout } = await adlake(['import', folder, '--lake', lake, '--dry-run']);
    expect(stdout.match(/^\S+\.csv/gm)).toEqual(['a.csv']);
  });
});

describe('a page of an import in landing', () => {
  const lake = keptLake().home;

  it('is the file itself, byte for byte, and never run or unpacked beside it', async () => {
    const path = join(lake, 'export.xlsx');
    const bytes = workbookOf([HEAD, ROW]);
    writeFileSync(path, bytes);
    await adlake(['import', path, '--lake', lake]);
    const landed = join(lake, 'zones/landing/meta/meta_report/account_id=unknown');
    const [batch = ''] = readdirSync(landed);
    expect(readdirSync(join(landed, batch)).sort()).toEqual(['_batch.json', 'page-00001.xlsx']);
  });
});
