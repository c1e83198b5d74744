import { elementsOf, memberOf } from '../../../json.ts';
import { readRecords } from '../../../page.ts';
import type { MetaDataset } from '../datasets.ts';
import { DEGRADED } from '../degraded.ts';
import type { AnswerPage } from '../walk.ts';

/**
 * Puts rows together whose fields had to be asked for in several requests. Every member keeps the text
 * it was sent with; rows are told apart by the dataset's natural key.
 */
export class ComposedPage {
  private readonly dataset: MetaDataset;
  private readonly rows = new Map<string, Map<string, string>>();

  constructor(dataset: MetaDataset) {
    this.dataset = dataset;
  }

  /** Adds the fields of one answer. Throws a `RangeError` for a page that is none: a fault of the code. */
  add(pages: readonly AnswerPage[]): void {
    for (const { bytes } of pages) {
      const content = readRecords(this.dataset, bytes);
      if (!content.ok) throw new RangeError(content.reason);
      for (const text of content.records) this.addRow(text);
    }
  }

  /** The page, with the names of `lost` fields in each row that has to do without them. */
  page(lost: readonly string[]): AnswerPage {
    const mark = lost.length === 0 ? [] : [`"${DEGRADED}":${JSON.stringify(lost.join(','))}`];
    const rows = [...this.rows.values()].map((members) => {
      return `{${[...members]
        .map(([name, value]) => `${name}:${value}`)
        .concat(mark)
        .join()}}`;
    });
    const text = `{"data":[${rows.join()}]}`;
    return { bytes: Buffer.from(text), rows: rows.length, answer: JSON.parse(text) as unknown };
  }

  private addRow(text: string): void {
    const parts = this.dataset.key.map((part) =>
      part.from === 'record' ? memberOf(text, part.field) : undefined,
    );
    const key = JSON.stringify(parts.map((part) => part ?? null));
    const row = this.rows.get(key) ?? new Map<string, string>();
    for (const member of elementsOf(text)) {
      const end = member.indexOf('":') + 1;
      row.set(member.slice(0, end), member.slice(end + 1));
    }
    this.rows.set(key, row);
  }
}
