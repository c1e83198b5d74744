import { formatCell, formatCsvRow } from '../../csv.ts';
import { type Constant, CsvBytes, constant } from '../../fast/csv-bytes.ts';
import { isKeyAfter } from '../../fast/key-order.ts';
import { type LineReader, linesIn } from '../../fast/line-reader.ts';
import { isAt, type Literal, literalOf } from '../../fast/literal.ts';
import { type Lineage, parseLineage } from '../../fold/lineage.ts';
import { NO_ROWS } from '../../stage.ts';
import { LINEAGE_LINE, type StageInput } from '../../staging/record.ts';
import type { Staged } from '../../staging/staged.ts';
import { othersOf } from '../report.ts';
import { isAnyText, mayBeNull, notNull, type Rule, ruleOf } from '../sure.ts';
import { KeyBytes } from './key-bytes.ts';
import { FORM, Members } from './members.ts';

const LINE_END = 0x0a;
const QUOTE = 0x22;
const COMMA = 0x2c;

/**
 * Writes the staging file of a raw file of reports as `stageRecords` would have it, one piece in memory at
 * a time. Null when only the plain path can: for a row that breaks the contract or is of another form,
 * for rows that are not in the order of the staging key or have one key twice, and for files that do not fit
 * together. What has been written by then is of no use.
 */
export function stageReports(input: StageInput, write: (bytes: Uint8Array) => void): Staged | null {
  const raw = linesIn(input.raw);
  const sidecar = linesIn(input.lineage);
  try {
    if (raw === null || sidecar === null) return null;
    const work = new Work(input, write);
    return work.run(raw, sidecar);
  } finally {
    raw?.close();
    sidecar?.close();
  }
}

/** A column of staging, and how a row gets it. */
interface Column {
  readonly isSure: Rule;
  /** Any text will do, and nothing else is to be known of it. */
  readonly isAny: boolean;
  readonly mayBeNull: boolean;
  /** Place in the staging key less the account, or -1. */
  readonly keyAt: number;
}

/** A raw file is being written as CSV. Lives as long as one task. */
class Work {
  private readonly input: StageInput;
  private readonly out: CsvBytes;
  private readonly columns: readonly Column[];
  private readonly members: Members;
  private readonly origins: Origins;
  /** By column: the member that it is filled from, one more; 0 when it is NULL. */
  private readonly filled: Int32Array;
  private readonly others: number;
  private readonly currency: number;
  private readonly keys: (string | null)[];
  private key = new KeyBytes();
  private before = new KeyBytes();
  private rows = 0;

  constructor(input: StageInput, write: (bytes: Uint8Array) => void) {
    const { contract, dataset } = input;
    const keys = dataset.stagingKey.slice(1);
    const numbers = new Map(contract.columns.map((name, at) => [name, at] as const));
    for (const name of OUTER) numbers.delete(name);
    this.input = input;
    this.out = new CsvBytes(write);
    this.columns = contract.columns.map((name) => {
      const property = contract.properties[name] ?? {};
      const keyAt = keys.indexOf(name);
      const isAny = keyAt === -1 && isAnyText(property);
      return { isSure: ruleOf(notNull(property)), isAny, mayBeNull: mayBeNull(property), keyAt };
    });
    this.members = new Members((name) => numbers.get(name) ?? -1, OTHERS);
    this.origins = new Origins(input, this.columns);
    this.filled = new Int32Array(contract.columns.length);
    this.others = contract.columns.indexOf(OTHERS);
    this.currency = contract.columns.indexOf('currency');
    this.keys = keys.map(() => null);
  }

  run(raw: LineReader, sidecar: LineReader): Staged | null {
    this.out.text(`${formatCsvRow(this.input.contract.columns)}\n`);
    if (!sidecar.next() || sidecar.text() !== LINEAGE_LINE) return null;
    while (raw.next()) {
      if (!sidecar.next() || !this.take(raw, sidecar)) return null;
    }
    if (sidecar.next()) return null;
    this.out.flush();
    const counts = { ...NO_ROWS, in: this.rows, out: this.rows };
    return { quarantined: [], counts, disagreeing: 0 };
  }

  private take(line: LineReader, sidecar: LineReader): boolean {
    const { members, out, filled } = this;
    const origin = this.origins.read(sidecar);
    if (origin === null || !members.read(line.room, line.from, line.to)) return false;
    filled.fill(0);
    for (let member = 0; member < members.count; member++) {
      const column = members.name[member] ?? 0;
      if (filled[column] !== 0) return false;
      filled[column] = member + 1;
    }
    out.reserve((line.to - line.from) * MOST_GROWTH + origin.length + filled.length * CELL_BYTES);
    if (!this.write(line, origin)) return false;
    out.byte(LINE_END);
    if (!this.key.set(this.keys)) return false;
    if (this.rows > 0 && !isKeyAfter(this.key, this.before)) return false;
    [this.key, this.before] = [this.before, this.key];
    this.rows++;
    return true;
  }

  /** Writes the cells of a row; false when one of them breaks its rule. */
  private write(line: LineReader, origin: Origin): boolean {
    const { out, filled, columns } = this;
    for (let at = 0; at < columns.length; at++) {
      if (at > 0) out.byte(COMMA);
      const member = filled[at] ?? 0;
      const own = member === 0 || at !== this.currency ? origin.cells[at] : undefined;
      if (own !== undefined) out.put(own);
      else if (member !== 0) {
        if (!this.writeMember(line, at, member - 1)) return false;
      } else if (at === this.others && this.members.object.to !== 0) {
        if (!this.writeOthers(line)) return false;
      } else if (columns[at]?.mayBeNull !== true) return false;
      else this.keep(at, null);
    }
    return true;
  }

  private writeMember(line: LineReader, at: number, member: number): boolean {
    const { out, members } = this;
    const column = this.columns[at];
    const from = members.from[member] ?? 0;
    const to = members.to[member] ?? 0;
    const form = members.form[member];
    const { bytes, view } = line.room;
    if (column === undefined) return false;
    if (form === FORM.other) {
      const text = parsed(bytes.toString('utf8', from - 1, to + 1));
      if (typeof text !== 'string' || !column.isSure(text)) return false;
      this.keep(at, text);
      out.text(formatCell(text));
      return true;
    }
    if (!column.isAny) {
      const text = bytes.toString('latin1', from, to);
      if (!column.isSure(text)) return false;
      this.keep(at, text);
    }
    if (form === FORM.comma) out.byte(QUOTE);
    out.copy(view, from, to);
    if (form === FORM.comma) out.byte(QUOTE);
    return true;
  }

  private writeOthers({ room }: LineReader): boolean {
    const { from, to } = this.members.object;
    const others = parsed(room.bytes.toString('utf8', from, to));
    if (typeof others !== 'object' || others === null) return false;
    const text = othersOf(others as Readonly<Record<string, unknown>>);
    if (text !== null) this.out.text(formatCell(text));
    return true;
  }

  private keep(at: number, text: string | null): void {
    const place = this.columns[at]?.keyAt ?? -1;
    if (place !== -1) this.keys[place] = text;
  }
}

/** Columns that a record does not say, whatever is in it. */
const OUTER = ['platform', 'account_id', 'timezone', 'other_metrics', 'pulled_on', 'batch_id'];
const OTHERS = 'other_metrics';
/** Quotes are doubled in CSV, and there may be as many of them as letters. */
const MOST_GROWTH = 3;
const CELL_BYTES = 3;

/** What the rows of a file have in common: cells by column, ready to be written. */
interface Origin {
  readonly cells: readonly (Constant | undefined)[];
  /** Bytes of all of them. */
  readonly length: number;
}

/** Reads lines of the sidecar; most of them are, but for the row, like the one before. */
class Origins {
  private readonly input: StageInput;
  private readonly columns: readonly Column[];
  private last: Origin | null = null;
  private head: Literal | null = null;
  private tail: Literal | null = null;

  constructor(input: StageInput, columns: readonly Column[]) {
    this.input = input;
    this.columns = columns;
  }

  /** The origin in a line; null when a cell of it breaks its rule. */
  read(line: LineReader): Origin | null {
    const { head, tail } = this;
    const { view } = line.room;
    if (this.last !== null && head !== null && tail !== null && isAt(view, head, line.from)) {
      const at = line.to - tail.length;
      if (at > line.from + head.length && isAt(view, tail, at)) {
        if (isDigits(view, line.from + head.length, at)) return this.last;
      }
    }
    const text = line.text();
    const lineage = parseLineage(text);
    const start = `${lineage.batch_id},${lineage.page},`;
    this.head = literalOf(start);
    this.tail = literalOf(text.slice(start.length).replace(/^\d+/, ''));
    this.last = this.originOf(lineage);
    return this.last;
  }

  private originOf(lineage: Lineage): Origin | null {
    const { contract, dataset, partition } = this.input;
    const texts = new Map<string, string>([
      ['platform', dataset.platform],
      ['account_id', partition.account_id],
      ['currency', lineage.currency],
      ['timezone', lineage.timezone],
      ['pulled_on', lineage.pulled_on],
      ['batch_id', lineage.batch_id],
    ]);
    let length = 0;
    const cells: (Constant | undefined)[] = [];
    for (const [at, name] of contract.columns.entries()) {
      const text = texts.get(name);
      const isNone = text === undefined || (text === '' && NULLABLE.has(name));
      if (!isNone && this.columns[at]?.isSure(text) !== true) return null;
      const cell = isNone ? undefined : constant(formatCell(text));
      cells.push(cell);
      length += cell?.length ?? 0;
    }
    return { cells, length };
  }
}

/** What a batch does not know stands as nothing in its lineage. */
const NULLABLE = new Set(['currency', 'timezone']);

/** What a JSON text says; undefined when it is none. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isDigits(view: DataView, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const code = view.getUint8(at);
    if (code < 0x30 || code > 0x39) return false;
  }
  return true;
}
