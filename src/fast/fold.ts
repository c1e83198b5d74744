import { join } from 'node:path';
import type { FoldStart } from '../fold/fold.ts';
import type { RawRow } from '../fold/judge.ts';
import type { RawContent } from '../fold/raw-content.ts';
import { type FoldInput, isMissing, type Tallied, Tally } from '../fold/tally.ts';
import type { Batch } from '../landing/batch.ts';
import { type AnswerFolder, scanAnswer } from './answer.ts';
import { campaignNumber, campaignOf, NO_CAMPAIGN } from './campaign.ts';
import { SortedRows } from './content.ts';
import { dayNumber } from './day.ts';
import { KeyPool } from './key-pool.ts';
import { CELL, RowTable, WITHDRAWN } from './row-table.ts';
import { type Beside, ROW, ROW_CELLS, type ScannedAnswer } from './scanned.ts';
import { originFrom, originOf, readSource, type Source } from './source.ts';

/** What folding gave: the same as `fold` gives for the same answers. */
export interface FoldedFast extends Tallied {
  readonly content: RawContent;
  /** Labels of answers whose pages were changed: they are left out. */
  readonly ignored: readonly string[];
}

/** An answer that is due, read when its turn has come. */
export interface DueAnswer {
  readonly label: string;
  /** Null when the answer is not there any more. */
  readonly open: () => AnswerFolder | null;
}

/**
 * Folds answers as `fold` does, by the bytes of their pages: what stays in memory is numbers, where rows
 * lie and what their keys are. Null when something is among them that only the plain path can fold.
 */
export function foldFast(
  input: FoldInput,
  due: readonly DueAnswer[],
  start: FoldStart | null,
): FoldedFast | null {
  const work = new FastFold(input, start);
  if (start !== null && !work.recall(start.rows)) return null;
  const ignored: string[] = [];
  for (const answer of due) {
    const folder = answer.open();
    const scanned = folder === null ? 'changed' : scanAnswer(input, folder);
    if (scanned === null) return null;
    if (folder === null || scanned === 'changed') ignored.push(answer.label);
    else if (!work.take(scanned, folder)) return null;
  }
  return { ...work.finish(), ignored };
}

/** A fold on its way. Lives as long as one task. */
class FastFold {
  private readonly input: FoldInput;
  private readonly tally: Tally;
  private readonly table = new RowTable();
  private readonly sources: Source[] = [];
  /** The partition's month as YYYYMM; no number when it has none. */
  private readonly month: number;
  private answer = 0;

  constructor(input: FoldInput, start: FoldStart | null) {
    this.input = input;
    this.tally = new Tally(input, start);
    this.month = Number(input.partition.month.replace('-', ''));
  }

  /** Puts the rows of earlier answers into the table; false when one has a key that cannot be there. */
  recall(rows: readonly RawRow[]): boolean {
    const bytes = Buffer.from(rows.map(({ line }) => line).join('\n'));
    const known = new Map<string, number>();
    let from = 0;
    for (const { key, line, day, campaign, lineage } of rows) {
      const place = keyOf(key.slice(1));
      if (place === null) return false;
      const to = from + Buffer.byteLength(line);
      const page = `${lineage.batch_id}/${lineage.page}`;
      const source = known.get(page) ?? this.sources.length;
      if (source === this.sources.length) {
        this.sources.push({ kind: 'text', bytes, origin: originFrom(lineage) });
        known.set(page, source);
      }
      this.put(this.table.add(place.words, place.first, place.last), {
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

  /** Folds an answer into the table; false when something in it cannot be folded here. */
  take(scanned: ScannedAnswer, { batch, folder }: AnswerFolder): boolean {
    if (batch.account_id !== this.input.partition.account_id) return false;
    this.answer++;
    const source = this.sources.length;
    for (const { file } of batch.pages) {
      const path = join(folder, file);
      this.sources.push({ kind: 'file', path, origin: originOf(batch, file) });
    }
    const refused = { keys: new Set<string>(), mayWithdraw: true };
    let from = 0;
    for (const beside of scanned.beside) {
      this.addRows(scanned, { from, to: beside.before, source });
      from = beside.before;
      if (!this.addBeside(scanned, beside, refused)) return false;
    }
    this.addRows(scanned, { from, to: scanned.count, source });
    this.settle(scanned.batch, refused);
    return true;
  }

  finish(): Omit<FoldedFast, 'ignored'> {
    const content = new SortedRows(this.table, this.sources);
    return { content, ...this.tally.result(content.rows) };
  }

  private isOfMonth(day: number): boolean {
    return Math.floor(day / 100) === this.month;
  }

  private addRows(
    { batch, cells, keys }: ScannedAnswer,
    span: { readonly from: number; readonly to: number; readonly source: number },
  ): void {
    for (let at = span.from * ROW_CELLS; at < span.to * ROW_CELLS; at += ROW_CELLS) {
      const day = cells[at + ROW.day] ?? 0;
      if (!this.isOfMonth(day)) continue;
      this.tally.count(NO_FIELDS);
      const found: Found = {
        source: span.source + (cells[at + ROW.page] ?? 0),
        row: cells[at + ROW.row] ?? 0,
        from: cells[at + ROW.from] ?? 0,
        to: cells[at + ROW.to] ?? 0,
        day,
        campaign: cells[at + ROW.campaign] ?? 0,
      };
      const key = {
        words: keys.words,
        first: cells[at + ROW.key] ?? 0,
        last: cells[at + ROW.keyEnd] ?? 0,
      };
      this.addRow(batch, key, found);
    }
  }

  private addRow(batch: Batch, key: Key, found: Found): void {
    const { table, tally } = this;
    const { words, first, last } = key;
    const known = table.find(words, first, last);
    if (known === -1) this.put(table.add(words, first, last), found);
    else {
      const answer = table.get(known, CELL.answer);
      if (answer === this.answer) this.addTwin(batch, known, found);
      else {
        if (answer !== WITHDRAWN) tally.superseded++;
        this.put(known, found);
      }
    }
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

  private lineOf({ source, from, to }: Found): string {
    const into = Buffer.alloc(to - from);
    const known = this.sources[source];
    if (known !== undefined) readSource(known, from, into);
    return into.toString('utf8');
  }

  private pageOf({ source }: Found): string {
    return this.sources[source]?.origin.page ?? '';
  }

  private keyText(place: number): string {
    const { dataset, partition } = this.input;
    const parts = this.table.keys.parts(this.table.get(place, CELL.key), dataset.key.length - 1);
    return JSON.stringify([partition.account_id, ...parts]);
  }

  /** Adds what is no row of a page's bytes; false when its key cannot be compared here. */
  private addBeside(
    { batch, cells }: ScannedAnswer,
    { before, found }: Beside,
    refused: { readonly keys: Set<string>; mayWithdraw: boolean },
  ): boolean {
    const { tally } = this;
    switch (found.kind) {
      case 'unreadable':
        refused.mayWithdraw = false;
        tally.refusePage(batch, found);
        return true;
      case 'drift': {
        const day = cells[(before - 1) * ROW_CELLS + ROW.day] ?? 0;
        if (this.isOfMonth(day)) tally.note(found.unknownFields);
        return true;
      }
      case 'refused':
        if (found.key === null) refused.mayWithdraw = false;
        else refused.keys.add(found.key);
        if (found.month !== this.input.partition.month) return true;
        tally.count(found.unknownFields);
        tally.refuse({ record: found.record, key: found.key, from: batch });
        return true;
      default:
        return found.month !== this.input.partition.month || this.addText(batch, found);
    }
  }

  /** Adds a good record whose bytes in the page are not those of its line. */
  private addText(batch: Batch, { row, unknownFields }: Accepted): boolean {
    const key = keyOf(row.key.slice(1));
    if (key === null) return false;
    this.tally.count(unknownFields);
    const bytes = Buffer.from(row.line);
    this.sources.push({ kind: 'text', bytes, origin: originOf(batch, row.lineage.page) });
    this.addRow(batch, key, {
      source: this.sources.length - 1,
      row: row.lineage.row,
      from: 0,
      to: bytes.length,
      day: dayNumber(row.day) ?? 0,
      campaign: campaignNumber(row.campaign),
    });
    return true;
  }

  /** What an answer says of earlier ones, when all of it is in the table. */
  private settle(
    batch: Batch,
    refused: { readonly keys: ReadonlySet<string>; readonly mayWithdraw: boolean },
  ): void {
    const { table, tally } = this;
    const placeOf = (text: string): number => {
      const [, ...parts] = JSON.parse(text) as readonly (string | null)[];
      const key = keyOf(parts);
      return key === null ? -1 : table.find(key.words, key.first, key.last);
    };
    const has = (text: string): boolean => table.get(placeOf(text), CELL.answer) === this.answer;
    const { mayWithdraw } = refused;
    tally.heal({ batch, has, mayWithdraw });
    if (!mayWithdraw || !batch.scope.complete) return;
    tally.withdrawn += this.withdraw(batch, new Set([...refused.keys].map(placeOf)));
  }

  /** Takes out the rows in the answer's scope that it does not bring; gives how many. */
  private withdraw(batch: Batch, refused: ReadonlySet<number>): number {
    const { since, until, campaigns } = batch.scope;
    if (since === null || until === null) return 0;
    const { table, answer } = this;
    const [first, last] = [dayNumber(since) ?? 0, dayNumber(until) ?? 0];
    const isAll = campaigns.kind === 'all';
    const named = new Set(isAll ? [] : campaigns.ids.map(campaignNumber));
    let count = 0;
    for (let row = 0; row < table.count; row++) {
      const came = table.get(row, CELL.answer);
      const day = table.get(row, CELL.day);
      if (came === answer || came === WITHDRAWN || day < first || day > last) continue;
      const campaign = table.get(row, CELL.campaign);
      const isNamed = named.has(campaign) === (campaigns.kind === 'in');
      if (!isAll && (campaign === NO_CAMPAIGN || !isNamed)) continue;
      if (refused.has(row) || !this.isOfObject(row, batch)) continue;
      if (batch.scope.missing !== undefined && isMissing(batch, campaignOf(campaign))) continue;
      table.set(row, CELL.answer, WITHDRAWN);
      count++;
    }
    return count;
  }

  private isOfObject(row: number, batch: Batch): boolean {
    const source = this.sources[this.table.get(row, CELL.source)];
    return source?.origin.objectId === (batch.object_id ?? '');
  }
}

type Accepted = Extract<Beside['found'], { readonly kind: 'accepted' }>;

/** Where a row was found, and what a fold asks of it. */
interface Found {
  readonly source: number;
  readonly row: number;
  readonly from: number;
  readonly to: number;
  readonly day: number;
  readonly campaign: number;
}

/** A key in words of a pool. */
interface Key {
  readonly words: Int32Array;
  readonly first: number;
  readonly last: number;
}

const NO_FIELDS: readonly string[] = [];

/** The key of these parts, without the account; null when it cannot be compared here. */
function keyOf(parts: readonly (string | null)[]): Key | null {
  KEY.end = 0;
  return KEY.add(parts) ? { words: KEY.words, first: 0, last: KEY.end } : null;
}

/** The key that is being looked for, one at a time. */
const KEY = new KeyPool();
