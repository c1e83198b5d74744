import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contractAt } from '../../src/contract.ts';
import type { FoldedTable } from '../../src/fast/table-fold.ts';
import { type Folded, fold, type LoadedBatch } from '../../src/fold/fold.ts';
import { contentOf, type RawContent } from '../../src/fold/raw-content.ts';
import { judgeRows } from '../../src/imports/judge-import.ts';
import { datasetOf } from '../../src/imports/land-import.ts';
import { foldImports } from '../../src/imports/quick/fold.ts';
import { stageReports } from '../../src/imports/quick/stage.ts';
import type { Batch } from '../../src/landing/batch.ts';
import { addsUp } from '../../src/stage.ts';
import { piecesOf, stageRecords } from '../../src/staging/staged.ts';
import { understood } from '../helpers/imports.ts';
import { temporaryLake } from '../helpers/lake.ts';

const SEED = 20_261_121;
const dataset = datasetOf('meta');
const contract = contractAt('raw/meta_report.schema.json');
const partition = { account_id: '1', month: '2026-02' };
const input = { dataset, contract, partition };

const HEAD = 'Campaign name,Ad name,Ad ID,Country,Day,Amount spent (EUR),Purchases,Note,Mood';
/** A number like 2026 as a header, so that members of an object are not in the order they came in. */
const OTHER_HEAD = `${HEAD},2026,"A ""b"", c"`;

/** Names with all that has to be written otherwise in JSON or in CSV, and letters that sort oddly. */
const names = fc.constantFrom(
  'a',
  'b, c',
  'd "e"',
  ' f',
  'ä',
  '日本',
  '\uff5e',
  'g\\h',
  'i\nj',
  '-',
);
const cells = fc.record({
  campaign: names,
  ad: names,
  id: fc.constantFrom('', '12', '120210000000000001', 'bad id', '7'),
  country: fc.constantFrom('', 'DE', 'FR'),
  day: fc.constantFrom('2026-01-31', '2026-02-01', '2026-02-02', '2026-02-28', '2026-03-01'),
  spend: fc.constantFrom('1.5', '0', '', 'x', '12.345678'),
  purchases: fc.constantFrom('', '1', '2'),
  note: fc.constantFrom('', 'n', '0.50', 'ü "q", r'),
  mood: fc.constantFrom('', 'm'),
});
const files = fc.array(
  fc.record({ isWide: fc.boolean(), rows: fc.array(cells, { minLength: 1, maxLength: 8 }) }),
  { minLength: 1, maxLength: 4 },
);

interface File {
  readonly isWide: boolean;
  readonly rows: readonly Readonly<Record<string, string>>[];
}

/** A file of exports as it lies in landing. */
function loaded({ isWide, rows }: File, at: number): LoadedBatch {
  const lines = rows.map((row) => {
    const { campaign, ad, id, country, day, spend, purchases, note, mood } = row;
    const own = [campaign, ad, id, country, day, spend, purchases, note, mood].map(String);
    return [...own, ...(isWide ? own.slice(-2) : [])].map(quoted).join(',');
  });
  const first = 'z,z,99,,2026-02-15,1.25,1,n,m';
  const head = isWide ? OTHER_HEAD : HEAD;
  const body = [head, isWide ? `${first},1,2` : first, ...lines].join('\n');
  const bytes = Buffer.from(body);
  const found = understood(bytes, { locale: 'en-GB', account: '1' });
  const [part] = found.accounts;
  if (part === undefined) throw new Error('a file of no account');
  const { since, until } = part;
  // Answers of an API do not count rows of one key: then two of them are the same row, or a fault.
  const reading = { ...part.reading, counts_occurrences: isWide };
  const scope = { since, until, campaigns: { kind: 'all' as const }, complete: false };
  const batch: Batch = { ...BATCH, batch_id: `b${at}`, scope, reading };
  return { batch, pages: [{ file: 'page-00001.csv', bytes }] };
}

function quoted(cell: string): string {
  return `"${cell.replaceAll('"', '""')}"`;
}

function textOf(content: RawContent): string {
  const pieces: Buffer[] = [];
  content.lines((bytes) => pieces.push(Buffer.from(bytes)));
  content.origins((bytes) => pieces.push(Buffer.from(bytes)));
  return Buffer.concat(pieces).toString('utf8');
}

function quickly(batches: readonly LoadedBatch[], start: Folded | null): FoldedTable | null {
  const due = batches.map((batch) => ({ label: batch.batch.batch_id, load: () => batch }));
  return foldImports(input, due, start);
}

describe('files of exports that are folded by bytes', () => {
  it('give the rows, counts and refusals of the plain way, at once and file after file', () => {
    fc.assert(
      fc.property(files, fc.nat(3), (some, cut) => {
        const batches = some.map(loaded);
        const plain = fold({ ...input, engine: 'plain' } as typeof input, batches);
        const start = fold(input, batches.slice(0, cut));
        for (const quick of [quickly(batches, null), quickly(batches.slice(cut), start)]) {
          if (quick === null) throw new Error('the quick way gave up');
          expect(textOf(quick.content)).toBe(textOf(contentOf(plain.rows)));
          expect(quick.counts).toEqual(plain.counts);
          expect(addsUp(quick.counts)).toBe(true);
          expect(quick.pending).toEqual(plain.pending);
          expect([...quick.drift]).toEqual([...plain.drift]);
        }
      }),
      { numRuns: 150, seed: SEED },
    );
  });

  it('are judged row by row without the judge of all records, but for rows that break a rule', () => {
    const row = { campaign: 'a', ad: 'b', id: '12', country: 'DE', day: '2026-02-01', note: 'n' };
    const good = { ...row, spend: '1.5', purchases: '1', mood: 'm' };
    const { batch, pages } = loaded({ isWide: false, rows: [good, { ...good, id: '!' }] }, 0);
    const [page] = pages;
    if (page === undefined || batch.reading === undefined) throw new Error('no page');
    const ways: string[] = [];
    judgeRows(input, batch, {
      ...page,
      reading: batch.reading,
      month: '2026-02',
      take: () => ways.push('quick') > 0,
      takeJudged: ({ kind }) => ways.push(kind) > 0,
    });
    expect(ways).toEqual(['quick', 'quick', 'refused']);
  });

  it('are left to the plain way when they may withdraw rows, or a name cannot be compared', () => {
    const row = { campaign: 'a', ad: 'b', id: '', country: '', day: '2026-02-01', spend: '1' };
    const file = (ad: string) =>
      loaded({ isWide: false, rows: [{ ...row, ad, purchases: '', note: '', mood: '' }] }, 0);
    expect(quickly([file('b')], null)).not.toBeNull();
    expect(quickly([file('😀')], null)).toBeNull();
    const { batch, pages } = file('b');
    const complete = { ...batch, scope: { ...batch.scope, complete: true } };
    expect(quickly([{ batch: complete, pages }], null)).toBeNull();
  });

  it('become the staging file of the plain way', () => {
    const staging = contractAt('staging/meta_report.schema.json');
    const { home } = temporaryLake();
    const [raw, lineage] = [join(home, 'raw.ndjson'), join(home, 'raw.lineage.csv')];
    const of = { dataset, partition, contract: staging, raw, lineage };
    let quickOnes = 0;
    fc.assert(
      fc.property(files, fc.constantFrom('EUR', '', 'euro'), (some, currency) => {
        const batches = some.map((file, at) => {
          const { batch, pages } = loaded(file, at);
          return { batch: { ...batch, currency: currency === '' ? null : currency }, pages };
        });
        const { rows } = fold(input, batches);
        const content = contentOf(rows);
        for (const [path, give] of [
          [raw, content.lines],
          [lineage, content.origins],
        ] as const) {
          writeFileSync(path, '');
          give((bytes) => writeFileSync(path, bytes, { flag: 'a' }));
        }
        const plain = stageRecords(of);
        const pieces: Buffer[] = [];
        const quick = stageReports(of, (bytes) => pieces.push(Buffer.from(bytes)));
        if (quick === null) return;
        quickOnes++;
        expect(Buffer.concat(pieces).toString()).toBe(
          Buffer.concat([...piecesOf(staging.columns, plain.lines)].map(Buffer.from)).toString(),
        );
        expect(quick.counts).toEqual(plain.counts);
        expect(plain.quarantined).toEqual([]);
      }),
      { numRuns: 150, seed: SEED },
    );
    expect(quickOnes).toBeGreaterThan(70);
  });

  it('are left to the plain way when raw is not what a fold writes', () => {
    const { home } = temporaryLake();
    const [raw, lineage] = [join(home, 'raw.ndjson'), join(home, 'raw.lineage.csv')];
    const staging = contractAt('staging/meta_report.schema.json');
    const of = { dataset, partition, contract: staging, raw, lineage };
    const { rows } = fold(input, [loaded({ isWide: false, rows: [] }, 0)]);
    const content = contentOf(rows);
    const [head = '', origin = ''] = textOf({ ...content, lines: () => {} }).split('\n');
    const staged = (text: string): unknown => {
      const count = text.split('\n').filter((line) => line !== '').length;
      writeFileSync(raw, text);
      writeFileSync(lineage, [head, ...Array(count).fill(origin), ''].join('\n'));
      return stageReports(of, () => {});
    };
    const [row] = rows;
    const line = row?.line ?? '';
    expect(staged(`${line}\n`)).not.toBeNull();
    const broken = [
      `${line}x\n`,
      `${line}\n${line}\n`,
      `${line.slice(0, -1)}\n`,
      line.replace('"1.25"', '1.25'),
      line.replace('"1.25"', '"1.2e5"'),
      line.replace('"1.25"', '"\\x"'),
      line.replace('"spend"', '"unheard"'),
      line.replace('"level"', '"spend":"1","level"'),
    ];
    for (const one of broken) expect(staged(one), one).toBeNull();
    writeFileSync(raw, '');
    expect(stageReports(of, () => {})).toBeNull();
  });
});

const BATCH: Batch = {
  batch_id: 'b',
  dataset: 'meta_report',
  account_id: '1',
  object_id: null,
  source: 'import',
  scope: { since: null, until: null, campaigns: { kind: 'all' }, complete: false },
  today: '2026-11-20',
  landed_at: '2026-11-20T00:00:00.000Z',
  api_version: null,
  request: {},
  timezone: null,
  currency: 'EUR',
  pages: [],
};
