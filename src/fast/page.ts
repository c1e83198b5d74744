import { isUtf8 } from 'node:buffer';
import type { Contract } from '../contract.ts';
import type { Dataset } from '../dataset.ts';
import { type Judged, type JudgeInput, judge } from '../fold/judge.ts';
import { minify } from '../json.ts';
import type { Batch } from '../landing/batch.ts';
import { factsOf, readRecords } from '../landing/page.ts';
import { campaignNumber } from './campaign.ts';
import { dayAt, dayNumber, monthOf } from './day.ts';
import type { KeyPool } from './key-pool.ts';
import { KIND, type Member, Members } from './member.ts';
import type { Room } from './room.ts';
import { Scanner } from './scan.ts';
import type { ScannedAnswer } from './scanned.ts';
import { shapeOf } from './shape.ts';
import { endOfValue, NO } from './value.ts';

const HEAD = Buffer.from('{"data":[');
const COMMA = 0x2c;
const CLOSE_BRACKET = 0x5d;

/** A page in a room: its place among the pages of its answer, from 0, and how long it is. */
export interface PageAt {
  readonly room: Room;
  readonly size: number;
  readonly page: number;
  readonly file: string;
}

/**
 * Reads the pages of one answer into rows, by their bytes. A record that is not surely good is judged
 * plainly, and so is a page that is not surely an answer of the API in compact JSON.
 */
export class PageReader {
  private readonly scanner: Scanner;
  private readonly input: JudgeInput;
  private readonly into: ScannedAnswer;
  private readonly asked: Asked;
  private readonly fields: Fields;
  private row = 0;

  /** Null when the dataset, its contract or the answer is not one that can be read in this way. */
  static for(input: JudgeInput, into: ScannedAnswer): PageReader | null {
    const scanner = scannerFor(input.dataset, input.contract);
    const asked = askedBy(into.batch);
    return scanner === null || asked === null
      ? null
      : new PageReader(scanner, input, { into, asked });
  }

  private constructor(
    scanner: Scanner,
    input: JudgeInput,
    of: { readonly into: ScannedAnswer; readonly asked: Asked },
  ) {
    this.scanner = scanner;
    this.input = input;
    this.into = of.into;
    this.asked = of.asked;
    this.fields = fieldsOf(scanner.members, input.dataset);
  }

  /** Reads a page; false when it was not read by its bytes but plainly. */
  read(page: PageAt): boolean {
    const bytes = page.room.bytes.subarray(0, page.size);
    const mark = this.into.mark;
    this.row = 0;
    if (bytes.subarray(0, HEAD.length).equals(HEAD) && isUtf8(bytes) && this.readRows(page)) {
      return true;
    }
    this.into.backTo(mark);
    this.readPlainly(page, bytes);
    return false;
  }

  private readPlainly({ file }: PageAt, bytes: Buffer): void {
    const { input, into } = this;
    const content = readRecords(input.dataset, bytes);
    if (!content.ok) {
      into.put({ kind: 'unreadable', file, reason: content.reason, bytes: Buffer.from(bytes) });
      return;
    }
    for (const [index, text] of content.records.entries()) {
      into.put(judge(input, into.batch, { page: file, row: index + 1, text }));
    }
  }

  private readRows(page: PageAt): boolean {
    const { view } = page.room;
    this.scanner.use(page.room);
    let at = HEAD.length;
    if (view.getUint8(at) === CLOSE_BRACKET) return isTail(page, at);
    for (;;) {
      const to = this.recordAt(page, at);
      if (to === NO) return false;
      const next = view.getUint8(to);
      if (next === CLOSE_BRACKET) return isTail(page, to);
      if (next !== COMMA) return false;
      at = to + 1;
    }
  }

  private recordAt(page: PageAt, at: number): number {
    const to = this.scanner.read(at);
    if (to === NO || !this.accept(page, at, to)) return this.judgeAt(page, at);
    this.row++;
    return to;
  }

  /** Adds the record that was scanned; false when the answer may not allow it. */
  private accept({ room, page }: PageAt, from: number, to: number): boolean {
    const { scanner, fields, into, asked } = this;
    const { view } = room;
    for (const member of scanner.members.days) {
      if (scanner.has(member) && dayAt(view, scanner.start(member)) === 0) return false;
    }
    const day = dayAt(view, scanner.start(fields.day));
    if (day < asked.since || day > asked.until || !this.isOfAccount(view)) return false;
    const campaign = textIn(scanner, fields.campaign);
    const number = campaignNumber(campaign);
    if (campaign !== null && !isAsked(asked, number)) return false;
    const key = into.keys.end;
    if (!addKey(into.keys, scanner, fields)) return false;
    into.add({ page, row: this.row + 1, from, to, day, campaign: number, key });
    return true;
  }

  private isOfAccount(view: DataView): boolean {
    const { account } = this.fields;
    if (account === null || !this.scanner.has(account)) return true;
    const { bytes } = this.asked;
    const from = this.scanner.start(account);
    if (this.scanner.end(account) - from !== bytes.length) return false;
    for (let place = 0; place < bytes.length; place++) {
      if (view.getUint8(from + place) !== bytes[place]) return false;
    }
    return true;
  }

  /** Judges the record at `at` as the plain path does; `NO` when it is not JSON. */
  private judgeAt(page: PageAt, at: number): number {
    const { input, into } = this;
    const to = endOfValue(page.room.view, at);
    if (to === NO) return NO;
    const sent = page.room.bytes.toString('utf8', at, to);
    for (const text of factsOf(input.dataset, minify(sent))) {
      this.row++;
      const judged = judge(input, into.batch, { page: page.file, row: this.row, text });
      const isRow = text === sent && this.isKept(judged, { page: page.page, from: at, to });
      if (!isRow) into.put(judged);
    }
    return to;
  }

  /** A good record with fields that nobody knows is a row like others, with a note beside. */
  private isKept(
    judged: Judged,
    at: { readonly page: number; readonly from: number; readonly to: number },
  ): boolean {
    const { into } = this;
    if (judged.kind === 'refused' || judged.row.day === null) return false;
    const day = dayNumber(judged.row.day) ?? 0;
    const key = into.keys.end;
    if (judged.month !== monthOf(day) || !into.keys.add(judged.row.key.slice(1))) return false;
    const { campaign } = judged.row;
    into.add({ ...at, row: this.row, day, campaign: campaignNumber(campaign), key });
    const { unknownFields } = judged;
    if (unknownFields.length > 0) into.put({ kind: 'drift', unknownFields });
    return true;
  }
}

const scanners = new WeakMap<Contract, Scanner | null>();

/**
 * The scanner of a dataset's raw contract; null when it has none. One for each contract: what it learns
 * about the order of members holds for the next page.
 */
export function scannerFor(dataset: Dataset, contract: Contract): Scanner | null {
  if (dataset.fold !== 'fact' || dataset.dayField !== 'date_start') return null;
  if (dataset.key[0]?.from !== 'account') return null;
  if (dataset.key.slice(1).some(({ from }) => from !== 'record')) return null;
  const known = scanners.get(contract);
  if (known !== undefined) return known;
  const shape = shapeOf(contract.schema);
  const scanner = shape === null ? null : new Scanner(new Members(shape));
  const usable = scanner !== null && isUsable(scanner.members, dataset) ? scanner : null;
  scanners.set(contract, usable);
  return usable;
}

/** Every record has a day, and the id of a campaign is written in one way. */
function isUsable(members: Members, dataset: Dataset): boolean {
  const isDated = members.required.some(({ name }) => name === dataset.dayField);
  const campaign = dataset.campaignField === undefined ? null : members.find(dataset.campaignField);
  return isDated && (campaign === null || campaign.kind === KIND.digits);
}

/** What an answer asked for, ready to be compared. */
interface Asked {
  /** Days as YYYYMMDD, both inclusive. */
  readonly since: number;
  readonly until: number;
  /** The account's id. */
  readonly bytes: Uint8Array;
  /** Null: all. */
  readonly campaigns: { readonly numbers: ReadonlySet<number>; readonly isIn: boolean } | null;
}

function isAsked({ campaigns }: Asked, campaign: number): boolean {
  return campaigns === null || campaigns.numbers.has(campaign) === campaigns.isIn;
}

const DIGITS = /^\d+$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Null when something in it is not of the form it always has. */
function askedBy({ account_id: account, scope, reading }: Batch): Asked | null {
  const { since, until, campaigns } = scope;
  if ([since, until].some((day) => day !== null && !DAY.test(day))) return null;
  if (!DIGITS.test(account) || reading !== undefined) return null;
  if ((since === null) !== (until === null)) return null;
  const ids = campaigns.kind === 'all' ? [] : campaigns.ids;
  return {
    since: dayNumber(since) ?? 0,
    until: dayNumber(until) ?? LAST_DAY,
    bytes: new Uint8Array(Buffer.from(account)),
    campaigns:
      campaigns.kind === 'all'
        ? null
        : { numbers: new Set(ids.map(campaignNumber)), isIn: campaigns.kind === 'in' },
  };
}

const LAST_DAY = 99_999_999;

/** The text of a member of the record that was scanned; null when it has none. */
export function textIn(scanner: Scanner, member: Member | null): string | null {
  return member !== null && scanner.has(member) ? scanner.text(member) : null;
}

/** Adds the key of the record that was scanned; false when it is not one that can be compared here. */
export function addKey(keys: KeyPool, scanner: Scanner, fields: Fields): boolean {
  keys.begin();
  for (const member of fields.key) {
    if (member === null || !scanner.has(member)) keys.absent();
    else if (!keys.part(scanner.view, scanner.start(member), scanner.end(member))) return false;
  }
  keys.end = keys.finish();
  return true;
}

/** The members that a verdict asks for. */
export interface Fields {
  readonly day: Member;
  readonly account: Member | null;
  readonly campaign: Member | null;
  /** Of the natural key without the account; null: never sent. */
  readonly key: readonly (Member | null)[];
}

/** The members of a dataset's records that a verdict asks for. */
export function fieldsOf(members: Members, dataset: Dataset): Fields {
  const find = (name: string | undefined) => (name === undefined ? null : members.find(name));
  return {
    day: find(dataset.dayField) ?? members.head,
    account: find('account_id'),
    campaign: find(dataset.campaignField),
    key: dataset.key.flatMap((part) => (part.from === 'record' ? [find(part.field)] : [])),
  };
}

/** Whether what comes after the records is JSON, and no second list of data. */
function isTail({ room, size }: PageAt, at: number): boolean {
  try {
    const rest: unknown = JSON.parse(`{"":0${room.bytes.toString('utf8', at + 1, size)}`);
    return !Object.hasOwn(Object(rest), 'data') && !Object.hasOwn(Object(rest), 'start_time');
  } catch {
    return false;
  }
}
