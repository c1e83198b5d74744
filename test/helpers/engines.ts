import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Contract, contractAt } from '../../src/contract.ts';
import { formatCsvRow } from '../../src/csv.ts';
import type { Dataset } from '../../src/dataset.ts';
import type { Engine } from '../../src/engine.ts';
import { CsvBytes } from '../../src/fast/csv-bytes.ts';
import { type Flattener, flattenerFor } from '../../src/fast/flatten.ts';
import { foldFast } from '../../src/fast/fold.ts';
import { judgePageFast } from '../../src/fast/judged.ts';
import { KeyPool } from '../../src/fast/key-pool.ts';
import { PageReader } from '../../src/fast/page.ts';
import { Room } from '../../src/fast/room.ts';
import { ScannedAnswer } from '../../src/fast/scanned.ts';
import { hashOf } from '../../src/file.ts';
import { type FoldStart, fold, type LoadedBatch } from '../../src/fold/fold.ts';
import type { RawRow } from '../../src/fold/judge.ts';
import { judgePage } from '../../src/fold/judge-page.ts';
import type { Lineage } from '../../src/fold/lineage.ts';
import type { FiledFold, RawFiles, RecordedFile } from '../../src/fold/memory.ts';
import { contentOf, type RawContent } from '../../src/fold/raw-content.ts';
import type { FoldInput, Tallied } from '../../src/fold/tally.ts';
import type { Batch } from '../../src/landing/batch.ts';
import { TRANSFORMS } from '../../src/staging/transforms.ts';
import type { HostilePage } from './hostile-page.ts';

/** What an engine says of a page: every verdict, so that two can be compared. */
export function verdictsOf(page: HostilePage, engine: Engine): unknown {
  const { dataset, batch } = page;
  const judgeIt = engine === 'plain' ? judgePage : judgePageFast;
  return judgeIt({ dataset, contract: rawContract(dataset) }, batch, page);
}

/** How many records of the page are rows of its bytes in the fast reading. */
export function rowsReadFast({ dataset, batch, file, bytes }: HostilePage): number {
  const scanned = new ScannedAnswer(batch);
  const reader = PageReader.for({ dataset, contract: rawContract(dataset) }, scanned);
  reader?.read({ room: Room.of(bytes), size: bytes.length, page: 0, file });
  return scanned.count;
}

function rawContract(dataset: Dataset): Contract {
  return contractAt(`raw/${dataset.name}.schema.json`);
}

/** What an engine makes of pages as one partition of raw: bytes, quarantine, counts and drift. */
export function rawOf(pages: readonly HostilePage[], engine: Engine): unknown {
  const [first] = pages;
  if (first === undefined) return null;
  const input = inputOf(first.dataset);
  if (engine === 'fast') return rawFast(input, pages, () => null);
  const folded = fold(input, pages.map(loaded));
  return written(contentOf(folded.rows), folded);
}

/** As `rawOf`, by the fast engine, which goes on where the plain one has folded the first `known`. */
export function rawFrom(pages: readonly HostilePage[], known: number): unknown {
  const [first] = pages;
  if (first === undefined) return null;
  const input = inputOf(first.dataset);
  const start = fold(input, pages.slice(0, known).map(loaded));
  return rawFast(input, pages.slice(known), () => start);
}

/** As `rawFrom`, from the files of the first `known`, after `spoil` has done something to them. */
export function rawFromFiles(
  pages: readonly HostilePage[],
  known: number,
  spoil: (files: RawFiles) => RawFiles = (files) => files,
): unknown {
  const [first] = pages;
  if (first === undefined) return null;
  const input = inputOf(first.dataset);
  const { rows, ...start } = fold(input, pages.slice(0, known).map(loaded));
  const content = contentOf(rows);
  return rawFast(input, pages.slice(known), (home) => {
    const lines = recorded(
      join(home, 'raw.ndjson'),
      content.rows,
      textOf((write) => content.lines(write)),
    );
    const lineage = recorded(
      join(home, 'lineage.csv'),
      content.rows + 1,
      textOf((write) => content.origins(write)),
    );
    return { ...start, arrivals: known, files: spoil({ accountId: '1', lines, lineage }) };
  });
}

function recorded(path: string, rows: number, bytes: Buffer): RecordedFile {
  writeFileSync(path, bytes);
  return { path, rows, sha256: hashOf(bytes), bytes: bytes.length };
}

function inputOf(dataset: Dataset): FoldInput {
  const partition = { account_id: '1', month: '2026-10' };
  return { dataset, contract: rawContract(dataset), partition };
}

function loaded(page: HostilePage): LoadedBatch {
  return { batch: page.batch, pages: [page] };
}

function rawFast(
  input: FoldInput,
  pages: readonly HostilePage[],
  startIn: (home: string) => FoldStart | FiledFold | null,
): unknown {
  const home = mkdtempSync(join(tmpdir(), 'adlake-engines-'));
  try {
    const due = pages.map((page, index) => {
      const folder = join(home, String(index));
      mkdirSync(folder);
      writeFileSync(join(folder, page.file), page.bytes);
      return { label: page.file, open: () => ({ batch: withPage(page), folder }) };
    });
    const folded = foldFast(input, due, startIn(home));
    return folded === null ? null : written(folded.content, folded);
  } finally {
    rmSync(home, { recursive: true });
  }
}

/** The page's answer, which names it. */
function withPage({ batch, file, bytes }: HostilePage): Batch {
  const entry = { file, sha256: hashOf(bytes), bytes: bytes.length, rows: null };
  return { ...batch, pages: [entry] };
}

function written(content: RawContent, tallied: Tallied): unknown {
  const { counts, quarantined } = tallied;
  return {
    rows: content.rows,
    raw: textOf((write) => content.lines(write)).toString('latin1'),
    lineage: textOf((write) => content.origins(write)).toString('latin1'),
    counts,
    quarantined,
    drift: [...tallied.drift],
  };
}

function textOf(give: RawContent['lines']): Buffer {
  const pieces: Buffer[] = [];
  give((bytes) => pieces.push(Buffer.from(bytes)));
  return Buffer.concat(pieces);
}

/** What an engine makes of one record's line on the way to staging, where the fast one is sure. */
export function stagedBy(
  line: { readonly text: string; readonly lineage: Lineage; readonly dataset: Dataset },
  engine: Engine,
): unknown {
  const { dataset, lineage } = line;
  if (engine === 'fast') return stagedFast(line);
  const staging = contractAt(`staging/${dataset.name}.schema.json`);
  const record = JSON.parse(line.text) as Readonly<Record<string, unknown>>;
  const transform = TRANSFORMS[dataset.name];
  const rows = transform?.({ record, text: line.text, lineage, accountId: '1' }) ?? [];
  const [row] = rows;
  if (row === undefined || rows.length > 1 || staging.check(row).length > 0) return 'refused';
  return {
    key: dataset.stagingKey.slice(1).map((column) => row[column] ?? null),
    line: Buffer.from(formatCsvRow(staging.columns.map((column) => row[column]))).toString('utf8'),
    isDisagreeing: row.reported_agrees === false,
  };
}

function stagedFast(line: Parameters<typeof stagedBy>[0]): unknown {
  const { dataset, lineage } = line;
  const flattener = flattenerOf(dataset);
  if (flattener === null) return null;
  const room = Room.of(Buffer.from(line.text));
  const to = Buffer.byteLength(line.text);
  out.at = 0;
  const keys = new KeyPool();
  const at = { room, from: 0, to, origin: lineage, accountId: '1' };
  if (!flattener.flatten(at, { out, keys })) return null;
  return {
    key: keys.parts(0, dataset.stagingKey.length - 1),
    line: out.textFrom(0),
    isDisagreeing: flattener.isDisagreeing,
  };
}

/** One for all: it takes a megabyte. */
const out = new CsvBytes(() => {});

/** The records of a page that the contract of raw takes, with where they came from. */
export function acceptedOf(page: HostilePage): readonly RawRow[] {
  const { dataset, batch } = page;
  const said = judgePage({ dataset, contract: rawContract(dataset) }, batch, page);
  if (!said.ok) return [];
  return said.judged.flatMap((one) => (one.kind === 'accepted' ? [one.row] : []));
}

const flatteners = new Map<string, Flattener | null>();

function flattenerOf(dataset: Dataset): Flattener | null {
  const known = flatteners.get(dataset.name);
  if (known !== undefined) return known;
  const staging = contractAt(`staging/${dataset.name}.schema.json`);
  const flattener = flattenerFor({ raw: rawContract(dataset), staging }, dataset.stagingKey);
  flatteners.set(dataset.name, flattener);
  return flattener;
}
