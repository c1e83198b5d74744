import { isUtf8 } from 'node:buffer';
import { type Batch, campaignInScope } from '../batch.ts';
import type { Contract } from '../contract.ts';
import { minify } from '../json.ts';
import { type Judged, type JudgeInput, judge } from '../judge.ts';
import { factsOf } from '../page.ts';
import { daysFor, type KnownDay } from './day.ts';
import { type Member, Members } from './member.ts';
import { SlicedRow } from './row.ts';
import { Scanner } from './scan.ts';
import { shapeOf } from './shape.ts';
import { endOfValue, NO } from './value.ts';

const HEAD = Buffer.from('{"data":[');
const COMMA = 0x2c;
const CLOSE_BRACKET = 0x5d;
const NO_FIELDS: readonly string[] = [];

interface PageInput extends JudgeInput {
  readonly batch: Batch;
  readonly file: string;
  readonly bytes: Buffer;
}

/**
 * The verdicts on a page's records, read from its bytes. A record that is not surely good is judged
 * plainly. Null when the page as a whole is not surely an answer of the API in compact JSON.
 */
export function judgeFast(
  input: JudgeInput,
  batch: Batch,
  page: { readonly file: string; readonly bytes: Buffer },
): readonly Judged[] | null {
  const scanner = scannerFor(input);
  const { bytes } = page;
  if (scanner === null || !bytes.subarray(0, HEAD.length).equals(HEAD)) return null;
  if (!isUtf8(bytes) || !PLAIN.test(`${batch.account_id}${batch.object_id ?? ''}`)) return null;
  return new PageReader(scanner, { ...input, batch, ...page }).read();
}

const scanners = new WeakMap<Contract, Scanner | null>();

/** One scanner a contract: what it learns about the order of members holds for the next page. */
function scannerFor(input: JudgeInput): Scanner | null {
  const { contract, dataset } = input;
  if (dataset.fold !== 'fact' || dataset.dayField !== 'date_start') return null;
  const known = scanners.get(contract);
  if (known !== undefined) return known;
  const shape = shapeOf(contract.schema);
  const scanner = shape === null ? null : new Scanner(new Members(shape));
  scanners.set(contract, scanner);
  return scanner;
}

/** Reads one page, once. */
class PageReader {
  private readonly scanner: Scanner;
  private readonly input: PageInput;
  private readonly judged: Judged[] = [];
  private readonly days: (bytes: Uint8Array, at: number) => KnownDay | null;
  private readonly fields: Fields;

  constructor(scanner: Scanner, input: PageInput) {
    this.scanner = scanner;
    this.input = input;
    this.days = daysFor(input.dataset, input.batch);
    this.fields = fieldsOf(scanner.members, input);
    scanner.bytes = input.bytes;
  }

  read(): readonly Judged[] | null {
    const { bytes } = this.input;
    let at = HEAD.length;
    if (bytes[at] === CLOSE_BRACKET) return this.isTail(at) ? [] : null;
    for (;;) {
      const to = this.recordAt(at);
      if (to === NO) return null;
      if (bytes[to] === CLOSE_BRACKET) return this.isTail(to) ? this.judged : null;
      if (bytes[to] !== COMMA) return null;
      at = to + 1;
    }
  }

  private recordAt(at: number): number {
    const to = this.scanner.read(at);
    const judged = to === NO ? null : this.accepted(at, to);
    if (judged === null) return this.plainly(at);
    this.judged.push(judged);
    return to;
  }

  /** Judges the record at `at` as the plain path does; `NO` when it is not JSON. */
  private plainly(at: number): number {
    const { bytes, dataset, batch, file } = this.input;
    const to = endOfValue(bytes, at);
    if (to === NO) return NO;
    for (const text of factsOf(dataset, minify(bytes.toString('utf8', at, to)))) {
      this.judged.push(judge(this.input, batch, { page: file, row: this.judged.length + 1, text }));
    }
    return to;
  }

  /** The verdict on a record that keeps its contract; null when the batch may not allow it. */
  private accepted(from: number, to: number): Judged | null {
    const { scanner, fields } = this;
    const { batch, bytes } = this.input;
    for (const member of scanner.members.days) {
      if (scanner.has(member) && this.dayOf(member) === null) return null;
    }
    const known = fields.day === null ? null : this.dayOf(fields.day);
    if (known === null || !known.isInScope || !this.isOfAccount()) return null;
    const campaign = textIn(scanner, fields.campaign);
    if (campaign !== null && !PLAIN.test(campaign)) return null;
    if (campaign !== null && !campaignInScope(batch.scope.campaigns, campaign)) return null;
    const key = this.keyOf(known.day);
    if (key === null) return null;
    const slice = { bytes, from, to };
    const row = new SlicedRow(this.input, this.judged.length + 1, {
      key,
      day: known.day,
      campaign,
      slice,
    });
    const { month } = known;
    return { kind: 'accepted', key: keyText(key), month, row, unknownFields: NO_FIELDS };
  }

  private dayOf(member: Member): KnownDay | null {
    return this.days(this.input.bytes, this.scanner.from[member.slot] ?? 0);
  }

  private isOfAccount(): boolean {
    const account = textIn(this.scanner, this.fields.account);
    return account === null || account === this.input.batch.account_id;
  }

  private keyOf(day: string): readonly (string | null)[] | null {
    const key: (string | null)[] = [];
    for (const part of this.fields.key) {
      if (part.from === 'batch') key.push(part.value);
      else if (part.from === 'day') key.push(day);
      else {
        const text = textIn(this.scanner, part.member);
        if (text !== null && !PLAIN.test(text)) return null;
        key.push(text);
      }
    }
    return key;
  }

  /** What comes after the records: JSON, and no second list of data. */
  private isTail(at: number): boolean {
    try {
      const rest: unknown = JSON.parse(`{"":0${this.input.bytes.toString('utf8', at + 1)}`);
      return !Object.hasOwn(Object(rest), 'data') && !Object.hasOwn(Object(rest), 'start_time');
    } catch {
      return false;
    }
  }
}

/** Text that is the same in bytes, in JSON and parsed. */
const PLAIN = /^[ !#-[\]-~]*$/;

/** What `JSON.stringify` gives for a key whose texts are plain. */
function keyText(key: readonly (string | null)[]): string {
  let text = '[';
  for (const part of key) {
    if (text !== '[') text += ',';
    text += part === null ? 'null' : `"${part}"`;
  }
  return `${text}]`;
}

function textIn(scanner: Scanner, member: Member | null): string | null {
  return member !== null && scanner.has(member) ? scanner.text(member) : null;
}

type KeyField =
  | { readonly from: 'batch'; readonly value: string | null }
  | { readonly from: 'day' }
  | { readonly from: 'record'; readonly member: Member | null };

/** The members that a verdict asks for. */
interface Fields {
  readonly day: Member | null;
  readonly account: Member | null;
  readonly campaign: Member | null;
  readonly key: readonly KeyField[];
}

function fieldsOf(members: Members, input: PageInput): Fields {
  const { dataset, batch } = input;
  const find = (name: string | undefined) => (name === undefined ? null : members.find(name));
  return {
    day: find(dataset.dayField),
    account: find('account_id'),
    campaign: find(dataset.campaignField),
    key: dataset.key.map((part): KeyField => {
      if (part.from === 'account') return { from: 'batch', value: batch.account_id };
      if (part.from === 'object') return { from: 'batch', value: batch.object_id };
      if (part.field === dataset.dayField) return { from: 'day' };
      return { from: 'record', member: find(part.field) };
    }),
  };
}
