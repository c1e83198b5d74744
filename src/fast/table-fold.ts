import type { FoldStart } from '../fold/fold.ts';
import type { RawRow } from '../fold/judge.ts';
import type { RawContent } from '../fold/raw-content.ts';
import { type FoldInput, type Tallied, Tally } from '../fold/tally.ts';
import type { Batch } from '../landing/batch.ts';
import { campaignNumber } from './campaign.ts';
import { SortedRows } from './content.ts';
import { dayNumber } from './day.ts';
import { CELL, RowTable, WITHDRAWN } from './row-table.ts';
import { originFrom, readSource, type Source } from './source.ts';

/** What folding gave: the same as `fold` gives for the same answers. */
export interface FoldedTable extends Tallied {
  readonly content: RawContent;
  /** Labels of answers whose pages were changed: they are left out. */
  readonly ignored: readonly string[];
}

/** Where a row was found, and what a fold asks of it. */
export interface Found {
  readonly source: number;
  readonly row: number;
  readonly from: number;
  readonly to: number;
  /** YYYYMMDD; 0 where nobody asks. */
  readonly day: number;
  readonly campaign: number;
}

/** A key in words, from `first` up to, and without, `end`. */
export interface Key {
  readonly words: Int32Array;
  readonly first: number;
  readonly end: number;
}

/**
 * A fold on its way whose rows are numbers in a table, and whose lines lie in sources: what is the same
 * whatever answers are read. Lives as long as one task.
 */
export abstract class TableFold {
  protected readonly input: FoldInput;
  protected readonly tally: Tally;
  protected readonly table = new RowTable();
  protected readonly sources: Source[] = [];
  /** Number of the answer that is being read, from 1. */
  protected answer = 0;

  constructor(input: FoldInput, start: Omit<FoldStart, 'rows'> | null) {
    this.input = input;
    this.tally = new Tally(input, start);
  }

  /** The key of these parts, without the account; it lasts until the next. Null when it cannot be compared here. */
  protected abstract keyOf(parts: Iterable<string | null>): Key | null;

  /** Puts the rows of earlier answers into the table; false when one has a key that cannot be there. */
  recall(rows: readonly RawRow[]): boolean {
    const bytes = Buffer.from(rows.map(({ line }) => line).join('\n'));
    const known = new Map<string, number>();
    let from = 0;
    for (const { key, line, day, campaign, lineage } of rows) {
      const found = this.keyOf(key.slice(1));
      if (found === null) return false;
      const to = from + Buffer.byteLength(line);
      const page = `${lineage.batch_id}/${lineage.page}`;
      const source = known.get(page) ?? this.sources.length;
      if (source === this.sources.length) {
        this.sources.push({ kind: 'text', bytes, origin: originFrom(lineage) });
        known.set(page, source);
      }
      this.putAgain(found, {
        source,
        row: lineage.row,
        from,
        to,
        day: dayNumber(day) ?? 0,
        campaign: campaignNumber(campaign),
      });
      from = to + 1;
    }
    return true;
  }

  /** Puts a row of an earlier answer into the table, which has none of its key. */
  protected putAgain({ words, first, end }: Key, found: Found): void {
    this.put(this.table.add(words, first, end), found);
  }

  finish(): Omit<FoldedTable, 'ignored'> {
    const content = new SortedRows(this.table, this.sources);
    return { content, ...this.tally.result(content.rows) };
  }

  /** Adds a good row of the answer, in place of one of its key that came before. */
  protected addRow(batch: Batch, { words, first, end }: Key, found: Found): void {
    const { table, tally } = this;
    const known = table.find(words, first, end);
    if (known === -1) this.put(table.add(words, first, end), found);
    else {
      const answer = table.get(known, CELL.answer);
      if (answer === this.answer) this.addTwin(batch, known, found);
      else {
        if (answer !== WITHDRAWN) tally.superseded++;
        this.put(known, found);
      }
    }
  }

  /** Whether the answer that was read last has a good row of this key. */
  protected hasNow(text: string): boolean {
    const place = this.placeOf(text);
    return place !== -1 && this.table.get(place, CELL.answer) === this.answer;
  }

  /** Place of the row with this key in the table; -1 when there is none. */
  protected placeOf(text: string): number {
    const [, ...parts] = JSON.parse(text) as readonly (string | null)[];
    const key = this.keyOf(parts);
    return key === null ? -1 : this.table.find(key.words, key.first, key.end);
  }

  protected lineOf({ source, from, to }: Found): string {
    const into = Buffer.alloc(to - from);
    const known = this.sources[source];
    if (known !== undefined) readSource(known, from, into);
    return into.toString('utf8');
  }

  protected pageOf({ source }: Found): string {
    return this.sources[source]?.origin.page ?? '';
  }

  private put(place: number, found: Found): void {
    const { table } = this;
    table.set(place, CELL.source, found.source);
    table.set(place, CELL.row, found.row);
    table.set(place, CELL.from, found.from);
    table.set(place, CELL.to, found.to);
    table.set(place, CELL.day, found.day);
    table.set(place, CELL.campaign, found.campaign);
    table.set(place, CELL.answer, this.answer);
  }

  /** The same key twice in one answer: as in `fold`, what is chosen does not depend on their order. */
  private addTwin(batch: Batch, place: number, found: Found): void {
    const { table, tally } = this;
    const twin: Found = {
      source: table.get(place, CELL.source),
      row: table.get(place, CELL.row),
      from: table.get(place, CELL.from),
      to: table.get(place, CELL.to),
      day: table.get(place, CELL.day),
      campaign: table.get(place, CELL.campaign),
    };
    const [line, twinLine] = [this.lineOf(found), this.lineOf(twin)];
    if (line === twinLine) {
      tally.superseded++;
      return;
    }
    const [loser, loserLine] = line > twinLine ? [twin, twinLine] : [found, line];
    if (loser === twin) this.put(place, found);
    const key = this.keyText(place);
    tally.refuseTwin({ page: this.pageOf(loser), row: loser.row, line: loserLine }, { key, batch });
  }

  private keyText(place: number): string {
    const { dataset, partition } = this.input;
    const parts = this.table.keys.parts(this.table.get(place, CELL.key), dataset.key.length - 1);
    return JSON.stringify([partition.account_id, ...parts]);
  }
}
