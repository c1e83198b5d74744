import type { Contract } from '../contract.ts';
import { columnsOf } from './column.ts';
import type { CsvBytes } from './csv-bytes.ts';
import type { KeyPool } from './key-pool.ts';
import { type Member, Members } from './member.ts';
import { type LineAt, Row } from './row.ts';
import { Scanner } from './scan.ts';
import { shapeOf } from './shape.ts';
import { textMember, type Writer, writerFor } from './writer.ts';

const COMMA = 0x2c;
/** Every byte of a record may come into several cells, with quotes; and there are texts of our own. */
const MOST_COPIES = 8;
const OWN_BYTES = 8_000;

/** The column that is the same in a whole partition. */
export const ACCOUNT = 'account_id';

/**
 * The flattener of an insights dataset, or null when its contracts say something that is not known
 * here. `stagingKey` names the columns of the key.
 */
export function flattenerFor(
  contracts: { readonly raw: Contract; readonly staging: Contract },
  stagingKey: readonly string[],
): Flattener | null {
  const shape = shapeOf(contracts.raw.schema);
  const columns = columnsOf(contracts.staging);
  if (shape === null || columns === null) return null;
  const row = new Row(new Scanner(new Members(shape)));
  const writers = columns.map((column) => writerFor(row, column)).filter((one) => one !== null);
  const key = stagingKey
    .filter((column) => column !== ACCOUNT)
    .map((column) => textMember(row, column));
  const keyMembers = key.filter((member) => member !== null);
  if (!row.isUsable || writers.length < columns.length || keyMembers.length < key.length)
    return null;
  return new Flattener(row, writers, keyMembers);
}

/** Writes staging rows of raw lines of one dataset without making objects of them. */
export class Flattener {
  private readonly row: Row;
  private readonly writers: readonly Writer[];
  private readonly key: readonly Member[];

  constructor(row: Row, writers: readonly Writer[], key: readonly Member[]) {
    this.row = row;
    this.writers = writers;
    this.key = key;
  }

  /** True when the row written last says that the API's own ratios are others. */
  get isDisagreeing(): boolean {
    return this.row.isDisagreeing;
  }

  /**
   * Writes the row of a record, without a line end, and adds its key without the account to `keys`.
   * False when only the plain path can say what becomes of it: then nothing is written.
   */
  flatten(line: LineAt, to: { readonly out: CsvBytes; readonly keys: KeyPool }): boolean {
    const { out, keys } = to;
    out.reserve((line.to - line.from) * MOST_COPIES + OWN_BYTES);
    if (!this.row.read(line) || !this.addKey(keys)) return false;
    const { at } = out;
    let isFirst = true;
    for (const write of this.writers) {
      if (!isFirst) out.byte(COMMA);
      isFirst = false;
      if (write(out)) continue;
      out.at = at;
      return false;
    }
    return true;
  }

  private addKey(keys: KeyPool): boolean {
    const { scanner } = this.row;
    keys.begin();
    for (const member of this.key) {
      if (!scanner.has(member)) keys.absent();
      else if (!keys.part(scanner.view, scanner.start(member), scanner.end(member))) return false;
    }
    keys.end = keys.finish();
    return true;
  }
}
