import { elementsOf, memberOf } from '../../../json.ts';
import { readRecords } from '../../../landing/page.ts';
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
  /** Fields that a row has to do without because one of the answers did not have it. */
  private readonly lost = new Map<string, Set<string>>();
  private readonly asked = new Set<string>();

  constructor(dataset: MetaDataset) {
    this.dataset = dataset;
  }

  /**
   * Adds the fields of one answer. Answers have the same rows whatever is asked of them: a row that is
   * in one and not in another (its key came broken, say) lacks the fields of the other. Gives the
   * fields that a row lacks so. Throws a `RangeError` for a page that is none: a fault of the code.
   */
  add(pages: readonly AnswerPage[], fields: readonly string[]): readonly string[] {
    const before = new Set(this.rows.keys());
    const came = new Set(
      pages.flatMap((page) => this.textsOf(page)).map((text) => this.addRow(text)),
    );
    const without = [...before].filter((key) => !came.has(key));
    const isFirst = this.asked.size === 0;
    const late = isFirst ? [] : [...came].filter((key) => !before.has(key));
    for (const key of without) this.lose(key, fields);
    for (const key of late) this.lose(key, [...this.asked]);
    const lost = [...(without.length > 0 ? fields : []), ...(late.length > 0 ? this.asked : [])];
    for (const field of fields) this.asked.add(field);
    return lost;
  }

  /** The page, with the names of `lost` fields in each row that has to do without them. */
  page(lost: readonly string[]): AnswerPage {
    const rows = [...this.rows].map(([key, members]) => {
      const without = [...new Set([...lost, ...(this.lost.get(key) ?? [])])].sort();
      const mark =
        without.length === 0 ? [] : [`"${DEGRADED}":${JSON.stringify(without.join(','))}`];
      return `{${[...members]
        .map(([name, value]) => `${name}:${value}`)
        .concat(mark)
        .join()}}`;
    });
    const text = `{"data":[${rows.join()}]}`;
    return { bytes: Buffer.from(text), rows: rows.length, answer: JSON.parse(text) as unknown };
  }

  private textsOf({ bytes }: AnswerPage): readonly string[] {
    const content = readRecords(this.dataset, bytes);
    if (!content.ok) throw new RangeError(content.reason);
    return content.records;
  }

  private lose(key: string, fields: readonly string[]): void {
    this.lost.set(key, new Set([...(this.lost.get(key) ?? []), ...fields]));
  }

  /** Gives the row's key as text. */
  private addRow(text: string): string {
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
    return key;
  }
}
