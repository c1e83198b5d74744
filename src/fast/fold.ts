import { join } from 'node:path';
import type { FoldStart } from '../fold/fold.ts';
import type { FiledFold } from '../fold/memory.ts';
import { type FoldInput, isMissing } from '../fold/tally.ts';
import type { Batch } from '../landing/batch.ts';
import { type AnswerFolder, scanAnswer } from './answer.ts';
import { campaignNumber, campaignOf, NO_CAMPAIGN } from './campaign.ts';
import { dayNumber } from './day.ts';
import { KeyPool } from './key-pool.ts';
import { recallLines } from './recall.ts';
import { CELL, WITHDRAWN } from './row-table.ts';
import { type Beside, ROW, ROW_CELLS, type ScannedAnswer } from './scanned.ts';
import { originOf } from './source.ts';
import { type FoldedTable, type Found, type Key, TableFold } from './table-fold.ts';

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
  start: FoldStart | FiledFold | null,
): FoldedTable | null {
  const work = new FastFold(input, start);
  if (start !== null && !work.goOn(start)) return null;
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

/** A fold of scanned answers. */
class FastFold extends TableFold {
  /** The partition's month as YYYYMM; no number when it has none. */
  private readonly month: number;

  constructor(input: FoldInput, start: FoldStart | FiledFold | null) {
    super(input, start);
    this.month = Number(input.partition.month.replace('-', ''));
  }

  /** Puts the rows of earlier answers into the table; false at any doubt. */
  goOn(start: FoldStart | FiledFold): boolean {
    if (!('files' in start)) return this.recall(start.rows);
    const { path } = start.files.lines;
    const origins = recallLines(this.input, start.files, ({ key, found }) =>
      this.putAgain(key, found),
    );
    for (const origin of origins ?? []) this.sources.push({ kind: 'file', path, origin });
    return origins !== null && this.table.count === start.counts.out;
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

  protected keyOf(parts: Iterable<string | null>): Key | null {
    KEY.end = 0;
    return KEY.add(parts) ? { words: KEY.words, first: 0, end: KEY.end } : null;
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
        end: cells[at + ROW.keyEnd] ?? 0,
      };
      this.addRow(batch, key, found);
    }
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
    const key = this.keyOf(row.key.slice(1));
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
    const { mayWithdraw } = refused;
    this.tally.heal({ batch, has: (key) => this.hasNow(key), mayWithdraw });
    if (!mayWithdraw || !batch.scope.complete) return;
    const places = [...refused.keys].map((key) => this.placeOf(key));
    this.tally.withdrawn += this.withdraw(batch, new Set(places));
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

const NO_FIELDS: readonly string[] = [];

/** The key that is being looked for, one at a time. */
const KEY = new KeyPool();
