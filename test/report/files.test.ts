import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import readWorkbook from 'read-excel-file/node';
import { SaxesParser } from 'saxes';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodeCsv } from '../../src/csv.ts';
import { openWorkbook } from '../../src/imports/xlsx.ts';
import { unzipEntry, zipEntries } from '../../src/imports/zip.ts';
import { silent } from '../../src/progress.ts';
import type { ReportInput } from '../../src/report/page.ts';
import { readReport } from '../../src/report/report.ts';
import { SECTION_NAMES } from '../../src/report/section.ts';
import { cellOf, cellText, serialOf } from '../../src/report/workbook/cell.ts';
import { sheetName } from '../../src/report/workbook/sheet.ts';
import { makeWorkbook } from '../../src/report/workbook/workbook.ts';
import { runStages } from '../../src/run.ts';
import { adlake } from '../helpers/command-line.ts';
import { landGoldenWorld } from '../helpers/golden.ts';
import { keptLake, temporaryLake } from '../helpers/lake.ts';
import { startSmtpServer } from '../helpers/smtp-server.ts';

const lake = keptLake();
const now = '2026-10-29T08:00:00.000Z';
const HOSTILE = "=cmd|'/c calc'!A1 <&\"> \u0000\u0008 _x0041_ \ud800";
let input: ReportInput;
let bytes: Buffer;
let parts: ReadonlyMap<string, string>;

beforeAll(async () => {
  landGoldenWorld(lake);
  await runStages({ lake, selection: {}, progress: silent });
  input = await readReport({ lake, days: 28, now });
  bytes = await makeWorkbook(input);
  parts = partsOf(bytes);
});

describe('the workbook', () => {
  it('is read by another library: days are days, amounts numbers, ids text', async () => {
    const sheets = await readWorkbook(bytes);
    expect(sheets.map(({ sheet }) => sheet)).toEqual([
      'Summary',
      'Charts',
      ...SECTION_NAMES.map(sheetName),
      'About',
    ]);
    const summary = sheets.find(({ sheet }) => sheet === 'Summary')?.data ?? [];
    const [heads = [], first = []] = summary;
    const row = Object.fromEntries(heads.map((head, at) => [String(head), first[at]]));
    expect(row).toMatchObject({
      Account: 'Made-up shop',
      'Account ID': '1001',
      Currency: 'USD',
      Spend: 22.87,
      Conversions: 3,
    });
    expect(row.Since).toEqual(new Date('2026-09-05T00:00:00.000Z'));
    const campaigns = sheets.find(({ sheet }) => sheet === 'Campaigns')?.data ?? [];
    const id = campaigns[0]?.indexOf('Campaign ID') ?? -1;
    expect(campaigns.slice(1).every((each) => typeof each[id] === 'string')).toBe(true);
  });

  it('adds up to the page: spend of the days is spend of the summary, account by account', () => {
    const { sheets } = openWorkbook(bytes);
    const days = sheets.find(({ name }) => name === 'Days')?.rows() ?? [];
    const spend = days[0]?.indexOf('Spend') ?? -1;
    const own = days.slice(1).filter(([account]) => account === 'Made-up shop');
    const cents = own.map((row) => Math.round(Number(row[spend]?.replace(/[^\d.]/g, '')) * 100));
    expect(cents.reduce((sum, each) => sum + each, 0)).toBe(2287);
  });

  it('has native charts, each over cells that are there', () => {
    const charts = [...parts].filter(([name]) => /charts\/chart\d+\.xml$/.test(name));
    expect(charts.length).toBeGreaterThanOrEqual(8);
    expect(charts.filter(([, xml]) => xml.includes('Budgets, '))).toHaveLength(1);
    const sheets = new Map(
      openWorkbook(bytes).sheets.map(({ name, rows }) => [name, rows().length]),
    );
    for (const [, xml] of charts) {
      expect(xml).toMatch(/<c:(bar|line)Chart>/);
      expect(xml).toContain('<c:title>');
      const ranges = [...xml.matchAll(/<c:f>([^<]+)<\/c:f>/g)].map(([, range = '']) => range);
      expect(ranges.length).toBeGreaterThanOrEqual(2);
      for (const range of ranges) {
        const [, sheet = '', first, last] =
          /^'?([^'!]+)'?!\$[A-Z]+\$(\d+):\$[A-Z]+\$(\d+)$/.exec(range.replaceAll('&apos;', "'")) ??
          [];
        expect(sheets.get(sheet), range).toBeGreaterThanOrEqual(Number(last));
        expect(Number(last)).toBeGreaterThanOrEqual(Number(first));
        expect(Number(first)).toBeGreaterThan(1);
      }
    }
    expect(parts.get('[Content_Types].xml')).toContain('drawingml.chart+xml');
  });

  it('draws the next days where they can be told, each metric over its own rows', async () => {
    const [first, ...rest] = input.accounts;
    if (first === undefined) throw new Error('The golden world has accounts.');
    const { columns } = first.figures.forecast;
    const ahead = ['spend', 'purchase_value'].flatMap((metric) =>
      ['2026-10-03', '2026-10-04'].map((date) => ({ metric, date, forecast: 5, low: 4, high: 6 })),
    );
    const figures = { ...first.figures, forecast: { columns, rows: ahead } };
    const made = partsOf(
      await makeWorkbook({ ...input, accounts: [{ ...first, figures }, ...rest] }),
    );
    const drawn = [...made.values()].filter((xml) => xml.includes('of the next days'));
    const rows = drawn.map((xml) => [...new Set(xml.match(/\$\d+:\$[A-Z]+\$\d+(?=<)/g))].length);
    expect(rows).toEqual([4, 4]);
    expect(drawn[0]).toMatch(/\$2:\$[A-Z]+\$3</);
    expect(drawn[1]).toMatch(/\$4:\$[A-Z]+\$5</);
  });

  it('has no formula, macro or link, and each of its parts is well-formed XML', () => {
    for (const [name, xml] of parts) {
      new SaxesParser({ xmlns: true }).write(xml).close();
      if (/worksheets\/[^/]+\.xml$/.test(name)) expect(xml).not.toMatch(/<f[ >/]|<hyperlink/);
      expect(name).not.toMatch(/vbaProject|externalLink|\.bin$/);
      if (name.endsWith('.rels')) expect(xml).not.toContain('TargetMode="External"');
    }
  });

  it('keeps a hostile name as text, wherever it stands', async () => {
    const [first, ...rest] = input.accounts;
    if (first === undefined) throw new Error('The golden world has accounts.');
    const account = { ...first.account, account_name: HOSTILE };
    const made = await makeWorkbook({ ...input, accounts: [{ ...first, account }, ...rest] });
    const sheets = await readWorkbook(made);
    const summary = sheets.find(({ sheet }) => sheet === 'Summary')?.data ?? [];
    for (const [name, xml] of partsOf(made)) {
      new SaxesParser({ xmlns: true }).write(xml).close();
      if (name.includes('worksheets/')) expect(xml).not.toMatch(/<f[ >/]/);
    }
    expect(String(summary[1]?.[0])).toMatch(/^=cmd\|'\/c calc'!A1 <&"> /);
    const text = partsOf(made).get('xl/sharedStrings.xml');
    expect(text).toContain('_x005F_x0041_');
    expect(text).not.toContain('\u0008');
  });

  it('has the same bytes for the same lake and days, whenever it is made', async () => {
    const later = await readReport({ lake, days: 28, now: '2027-01-01T00:00:00.000Z' });
    expect((await makeWorkbook(later)).equals(bytes)).toBe(true);
  });

  it('of an empty lake still opens', async () => {
    const empty = await readReport({ lake: temporaryLake(), days: 28, now });
    const sheets = await readWorkbook(await makeWorkbook(empty));
    expect(sheets.map(({ sheet }) => sheet)).toContain('About');
  });
});

describe('a cell', () => {
  it('holds a day as the number that spreadsheets have for it', () => {
    expect(['1900-03-01', '2000-01-01', '2026-01-01'].map(serialOf)).toEqual([61, 36526, 46023]);
  });

  it('holds text without what XML has no place for, and as it was', () => {
    expect(cellText('a\u0000b\u0008\ud800\uffff c\n')).toBe('ab c\n');
    expect(cellText('_x0041_ x_1')).toBe('_x005F_x0041_ x_1');
    expect(cellText('x'.repeat(40_000))).toHaveLength(32_767);
  });

  it('is empty where a figure is not known', () => {
    expect([cellOf(null, 'money'), cellOf('abc', 'ratio'), cellOf('', 'text')]).toEqual([
      null,
      null,
      '',
    ]);
    expect(cellOf('1234.500000', 'money')).toBe(1234.5);
  });
});

describe('the files of the report', () => {
  it('are a page and a workbook of the same name', async () => {
    const out = join(temporaryLake().home, 'week.html');
    const { stdout } = await adlake(['report', '--lake', lake.home, '--out', out]);
    const workbook = join(out, '..', 'week.xlsx');
    expect(stdout).toBe(`${out}\n${workbook}\n`);
    expect(readFileSync(workbook).equals(bytes)).toBe(true);
    expect(readFileSync(out, 'utf8')).toContain('<!doctype html>');
  });

  it.each(['alerts', 'campaigns', 'creatives', 'credit'])(
    'can be had as CSV for any days: %s',
    async (name) => {
      const argv = ['--csv', name, '--since', '2026-09-01', '--until', '2026-10-28'];
      const { exitCode, stdout } = await adlake(['report', '--lake', lake.home, ...argv]);
      expect(exitCode).toBe(0);
      const [heads = [], ...rows] = decodeCsv(stdout);
      expect(heads.length).toBeGreaterThan(4);
      expect(rows.length).toBeGreaterThan(0);
      expect(stdout).not.toMatch(/(^|,)"?[=+@]/m);
    },
  );

  it('as CSV keep to the account and the days that are asked for', async () => {
    const argv = ['--csv', 'campaign-days', '--since', '2026-09-29', '--until', '2026-09-29'];
    const { stdout } = await adlake(['report', '--lake', lake.home, '--account', '1001', ...argv]);
    const [heads = [], ...rows] = decodeCsv(stdout);
    const [account, date] = [heads.indexOf('account_id'), heads.indexOf('date')];
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.every((row) => row[account] === '1001' && row[date] === '2026-09-29')).toBe(true);
  });

  it('name the sections that there are when one is misspelt', async () => {
    const found = await adlake(['report', '--lake', lake.home, '--csv', 'campains']);
    expect(found.exitCode).toBe(78);
    expect(found.stderr).toContain('campaigns');
  });
});

describe('the daily report', () => {
  it('says totals, ROAS and top campaigns of each account in its currency, as text', async () => {
    const { stdout } = await adlake(['report', '--daily', '--lake', lake.home, '--period', '28']);
    expect(stdout).toContain('Made-up shop (1001)');
    expect(stdout).toContain('Amounts in USD, days of America/New_York, 2026-09-05 to 2026-10-02');
    expect(stdout).toMatch(/Spend {6}22\.87 USD/);
    expect(stdout).toMatch(/ROAS {7}3\.55/);
    expect(stdout).toMatch(/Spend {6}150\.00 EUR/);
    expect(stdout).toContain('Campaigns with most spend:');
    expect(stdout).not.toMatch(/NaN|undefined|null/);
  });

  it('is an object for machines', async () => {
    const { stdout } = await adlake(['report', '--daily', '--json', '--lake', lake.home]);
    const { accounts } = JSON.parse(stdout) as { accounts: readonly object[] };
    expect(accounts[0]).toMatchObject({ account_id: '1001', currency: 'USD' });
  });

  it('is mailed to those who get the alerts, and says so without an address or a password', async () => {
    const server = await startSmtpServer('hush-hush');
    const env = {
      ADLAKE_SMTP_URL: server.url,
      ADLAKE_ALERT_EMAIL_FROM: 'lake@example.com',
      ADLAKE_ALERT_EMAIL_TO: 'a@example.com,b@example.com',
    };
    const { stdout, stderr } = await adlake(
      ['report', '--daily', '--mail', '--lake', lake.home],
      env,
    );
    await server.close();
    expect(stdout).toBe('Mailed to 2 recipients.\n');
    expect(stderr).not.toContain('hush-hush');
    expect(server.mails).toHaveLength(1);
    expect(server.mails[0]?.to).toEqual(['RCPT TO:<a@example.com>', 'RCPT TO:<b@example.com>']);
    expect(server.mails[0]?.text).toContain('Made-up shop (1001)');
    expect(server.mails[0]?.text).toContain('Subject: Ad report to 2026-10');
  });

  it('is not mailed without a server, which it says', async () => {
    const found = await adlake(['report', '--daily', '--mail', '--lake', lake.home]);
    expect(found.exitCode).toBe(78);
    expect(found.stderr).toContain('ADLAKE_SMTP_URL');
  });

  it('of an empty lake says what to do', async () => {
    const { stdout } = await adlake(['report', '--daily', '--lake', temporaryLake().home]);
    expect(stdout).toContain('Run `adlake run` first');
  });
});

function partsOf(archive: Buffer): ReadonlyMap<string, string> {
  return new Map(
    zipEntries(archive).map((entry) => [entry.name, unzipEntry(archive, entry).toString('utf8')]),
  );
}
