import { SortedRows } from '../../fast/content.ts';
import { CELL, RowTable } from '../../fast/row-table.ts';
import { originFrom, originOf, readSource, type Source } from '../../fast/source.ts';
import type { FoldStart, LoadedBatch } from '../../fold/fold.ts';
import type { Judged, RawRow } from '../../fold/judge.ts';
import type { RawContent } from '../../fold/raw-content.ts';
import { type FoldInput, type Tallied, Tally } from '../../fold/tally.ts';
import type { Batch } from '../../landing/batch.ts';
import { judgeRows } from '../judge-import.ts';
import type { Reading } from '../reading.ts';
import { KeyBytes, partsIn } from './key-bytes.ts';
import { LineRoom } from './line-room.ts';

/** What folding gave: the same as `fold` gives for the same answers. */
export interface FoldedImports extends Tallied {
  readonly content: RawContent;
  /** Labels of answers whose pages were changed: they are left out. */
  readonly ignored: readonly string[];
}

/** An answer that is due, read when its turn has come. */
export interface DueImport {
  readonly label: string;
  /** Null when it is not whole (a page is missing or was changed). */
  readonly load: () => LoadedBatch | null;
}

/**
 * Folds imported files as `fold` does, without an object for each row: what stays in memory is the text of
 * the records as bytes, and numbers. Null when something is among them that only the plain path can
 * fold: an answer that is no file, or one that may withdraw rows, or a key that cannot be compared by bytes.
 */
export function foldImports(
  input: FoldInput,
  due: readonly DueImport[],
  start: FoldStart | null,
): FoldedImports | null {
  const work = new ImportFold(input, start);
  if (start !== null && !work.recall(start.rows)) return null;
  const ignored: string[] = [];
  for (const { label, load } of due) {
    const loaded = load();
    if (loaded === null) ignored.push(label);
    else if (!work.take(loaded)) return null;
  }
  return { ...work.finish(), ignored };
}

/** A fold on its way. Lives as long as one task. */
class ImportFold {
  private readonly input: FoldInput;
  private readonly tally: Tally;
  private readonly table = new RowTable();
  private readonly sources: Source[] = [];
  private readonly key = new KeyBytes();
  /** The lines of the page that is being read; they become the next source. */
  private readonly lines = new LineRoom();
  private answer = 0;

  constructor(input: FoldInput, start: FoldStart | null) {
    this.input = input;
    this.tally = new Tally(input, start);
  }

  /** Puts the rows of earlier answers into the table; false when one has a key that cannot be there. */
  recall(rows: readonly RawRow[]): boolean {
    const bytes = Buffer.from(rows.map(({ line }) => line).join('\n'));
    const known = new Map<string, number>();
    let from = 0;
    for (const { key, line, lineage } of rows) {
      if (!this.key.set(key.slice(1))) return false;
      const to = from + Buffer.byteLength(line);
      const page = `${lineage.batch_id}/${lineage.page}`;
      const source = known.get(page) ?? this.sources.length;
      if (source === this.sources.length) {
        this.sources.push({ kind: 'text', bytes, origin: originFrom(lineage) });
        known.set(page, source);
      }
      this.put(this.added(), { source, row: lineage.row, from, to });
      from = to + 1;
    }
    return true;
  }

  /** Folds a file into the table; false when something in it cannot be folded here. */
  take({ batch, pages }: LoadedBatch): boolean {
    const { reading } = batch;
    if (reading === undefined || batch.dataset !== this.input.dataset.name) return false;
    if (batch.scope.complete || batch.account_id !== this.input.partition.account_id) return false;
    this.answer++;
    for (const { file, bytes } of pages) {
      if (!this.takePage(batch, { file, bytes, reading })) return false;
      const origin = originOf(batch, file);
      this.sources.push({ kind: 'text', bytes: this.lines.page(), origin });
    }
    // An answer that is never complete heals by its rows alone.
    this.tally.heal({ batch, has: (key) => this.hasNow(key), mayWithdraw: false });
    return true;
  }

  finish(): Omit<FoldedImports, 'ignored'> {
    const content = new SortedRows(this.table, this.sources);
    return { content, ...this.tally.result(content.rows) };
  }

  private takePage(
    batch: Batch,
    page: { readonly file: string; readonly bytes: Buffer; readonly reading: Reading },
  ): boolean {
    const { input } = this;
    let isDone = true;
    const isRead = judgeRows(input, batch, {
      ...page,
      month: input.partition.month,
      take: (row, text, key) => {
        this.tally.count(NO_FIELDS);
        isDone = this.add(batch, { key, row, text });
        return isDone;
      },
      takeJudged: (judged) => {
        isDone = judged.month !== input.partition.month || this.addJudged(batch, judged);
        return isDone;
      },
    });
    return isRead && isDone;
  }

  private addJudged(batch: Batch, judged: Judged): boolean {
    this.tally.count(judged.unknownFields);
    if (judged.kind === 'accepted') {
      const { key, line: text, lineage } = judged.row;
      return this.add(batch, { key: key.slice(1), row: lineage.row, text });
    }
    this.tally.refuse({ record: judged.record, key: judged.key, from: batch });
    return true;
  }

  /** Adds a good row of the partition; false when its key cannot be compared here. */
  private add(batch: Batch, { key, row, text }: Row): boolean {
    if (!this.key.set(key)) return false;
    const { words, end } = this.key;
    const [from, to] = this.lines.add(text);
    const found = { source: this.sources.length, row, from, to };
    const place = this.table.find(words, 0, end);
    if (place === -1) this.put(this.added(), found);
    else if (this.table.get(place, CELL.answer) === this.answer) this.addTwin(batch, place, found);
    else {
      this.tally.superseded++;
      this.put(place, found);
    }
    return true;
  }

  private added(): number {
    return this.table.add(this.key.words, 0, this.key.end);
  }

  private put(place: number, found: Found): void {
    const { table } = this;
    table.set(place, CELL.source, found.source);
    table.set(place, CELL.row, found.row);
    table.set(place, CELL.from, found.from);
    table.set(place, CELL.to, found.to);
    table.set(place, CELL.answer, this.answer);
  }

  /** The same key twice in one file: as in `fold`, what is chosen does not depend on their order. */
  private addTwin(batch: Batch, place: number, found: Found): void {
    const { table, tally } = this;
    const twin: Found = {
      source: table.get(place, CELL.source),
      row: table.get(place, CELL.row),
      from: table.get(place, CELL.from),
      to: table.get(place, CELL.to),
    };
    const [line, twinLine] = [this.lineOf(found), this.lineOf(twin)];
    if (line === twinLine) {
      tally.superseded++;
      return;
    }
    const [loser, loserLine] = line > twinLine ? [twin, twinLine] : [found, line];
    if (loser === twin) this.put(place, found);
    const page = this.sources[loser.source]?.origin.page ?? batch.pages.at(-1)?.file ?? '';
    tally.refuseTwin(
      { page, row: loser.row, line: loserLine },
      { key: this.keyText(place), batch },
    );
  }

  private lineOf({ source, from, to }: Found): string {
    const known = this.sources[source];
    if (known === undefined) return this.lines.text(from, to);
    const into = Buffer.alloc(to - from);
    readSource(known, from, into);
    return into.toString('utf8');
  }

  private keyText(place: number): string {
    const { dataset, partition } = this.input;
    const first = this.table.get(place, CELL.key);
    const parts = partsIn(this.table.keys.bytes, first, dataset.key.length - 1);
    return JSON.stringify([partition.account_id, ...parts]);
  }

  /** Whether the file that was read last has a good row of this key. */
  private hasNow(text: string): boolean {
    const [, ...parts] = JSON.parse(text) as readonly (string | null)[];
    if (!this.key.set(parts)) return false;
    const place = this.table.find(this.key.words, 0, this.key.end);
    return place !== -1 && this.table.get(place, CELL.answer) === this.answer;
  }
}

const NO_FIELDS: readonly string[] = [];

/** A good record of a file, with the parts of its key less the account. */
interface Row {
  readonly key: Iterable<string | null>;
  readonly row: number;
  readonly text: string;
}

/** Where a row's text lies. */
interface Found {
  readonly source: number;
  readonly row: number;
  readonly from: number;
  readonly to: number;
}
