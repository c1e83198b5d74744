import { NO_CAMPAIGN } from '../../fast/campaign.ts';
import { originOf } from '../../fast/source.ts';
import { type FoldedTable, type Found, type Key, TableFold } from '../../fast/table-fold.ts';
import type { FoldStart, LoadedBatch } from '../../fold/fold.ts';
import type { Judged } from '../../fold/judge.ts';
import type { FoldInput } from '../../fold/tally.ts';
import type { Batch } from '../../landing/batch.ts';
import { judgeRows } from '../judge-import.ts';
import type { Reading } from '../reading.ts';
import { KeyBytes } from './key-bytes.ts';
import { LineRoom } from './line-room.ts';

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
): FoldedTable | null {
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

/** A fold of imported files. */
class ImportFold extends TableFold {
  private readonly key = new KeyBytes();
  /** The lines of the page that is being read; they become the next source. */
  private readonly lines = new LineRoom();
  /** The page that is being read. */
  private file = '';

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

  private takePage(
    batch: Batch,
    page: { readonly file: string; readonly bytes: Buffer; readonly reading: Reading },
  ): boolean {
    const { input } = this;
    this.file = page.file;
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
    const known = this.keyOf(key);
    if (known === null) return false;
    const [from, to] = this.lines.add(text);
    const source = this.sources.length;
    this.addRow(batch, known, { source, row, from, to, day: 0, campaign: NO_CAMPAIGN });
    return true;
  }

  protected keyOf(parts: Iterable<string | null>): Key | null {
    return this.key.set(parts) ? this.key : null;
  }

  protected override lineOf(found: Found): string {
    const isOfPage = found.source === this.sources.length;
    return isOfPage ? this.lines.text(found.from, found.to) : super.lineOf(found);
  }

  protected override pageOf(found: Found): string {
    return found.source === this.sources.length ? this.file : super.pageOf(found);
  }
}

const NO_FIELDS: readonly string[] = [];

/** A good record of a file, with the parts of its key less the account. */
interface Row {
  readonly key: Iterable<string | null>;
  readonly row: number;
  readonly text: string;
}
