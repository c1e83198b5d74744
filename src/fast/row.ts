import { DEGRADED } from '../platforms/meta/degraded.ts';
import { ratiosOf } from '../platforms/meta/ratios.ts';
import type { StagingRow } from '../staging/row.ts';
import { isDecimal } from './column.ts';
import { Counted, type ListAt } from './counted.ts';
import { NONE } from './figures.ts';
import { JsonCells } from './json-cell.ts';
import type { Member } from './member.ts';
import type { Origin } from './origin.ts';
import { ABSENT, countAt, millionthsAt, type Parts, Ratios } from './ratio.ts';
import type { Room } from './room.ts';
import type { Scanner } from './scan.ts';

/** A line of a raw file, and where its record came from. */
export interface LineAt {
  readonly room: Room;
  readonly from: number;
  /** End of the line, without its line end. */
  readonly to: number;
  readonly origin: Origin;
  readonly accountId: string;
}

/** Money and ratios that stay as they are. */
const FITS = { isSigned: false, whole: 12, places: 6 } as const;
const NO_LINE: Origin = { pulled_on: '', currency: '', source: '' };

/** The record that is being written, with what several of its columns ask for. */
export class Row {
  readonly scanner: Scanner;
  readonly counted: Counted;
  readonly json: JsonCells;
  readonly ratios = new Ratios();
  readonly members: RowMembers;
  origin = NO_LINE;
  accountId = '';
  /** What the ratios are made of and were reported as. */
  parts: Parts = NO_PARTS;
  /** The ratios as text, where numbers cannot hold them exactly; else null. */
  slowRatios: StagingRow | null = null;
  /** Place of the value of outbound clicks, `NONE` without one. */
  outbound = NONE;
  private readonly outbounds: ListAt;

  constructor(scanner: Scanner) {
    this.scanner = scanner;
    this.counted = new Counted(scanner);
    this.json = new JsonCells(scanner, this.counted);
    this.members = membersOf(scanner);
    this.outbounds = { members: this.members.outbound?.entry ?? null, first: 0, end: 0 };
  }

  /** False when the contract of raw writes figures in a way that is not known here. */
  get isUsable(): boolean {
    const { spend, frequency, cpc, cpm, ctr } = this.members;
    return [spend, frequency, cpc, cpm, ctr].every((member) => member?.isSigned !== true);
  }

  /** True when the API's own ratios are others than ours. */
  get isDisagreeing(): boolean {
    const { slowRatios, ratios } = this;
    return slowRatios === null ? ratios.agrees === 0 : slowRatios.reported_agrees === false;
  }

  /** Reads the record of a line; false when only the plain path can. */
  read(line: LineAt): boolean {
    const { scanner, members, counted } = this;
    scanner.use(line.room);
    if (scanner.read(line.from) !== line.to || scanner.hasTwins) return false;
    if (counted.has(members.degraded)) return false;
    if (!this.fits(members.spend) || !this.fits(members.frequency)) return false;
    this.origin = line.origin;
    this.accountId = line.accountId;
    if (!counted.read(line.origin.source === 'api')) return false;
    if (!counted.readList(members.outbound, this.outbounds)) return false;
    this.outbound = this.valueIn(this.outbounds, 'outbound_click');
    this.readRatios();
    return true;
  }

  /** Place of the value of a type in a list that was read; `NONE` without one. */
  valueIn(list: ListAt, type: string): number {
    for (let entry = list.first; entry < list.end; entry++) {
      if (this.counted.typeOf(entry).name === type)
        return this.counted.figures.value[entry] ?? NONE;
    }
    return NONE;
  }

  private fits(member: Member | null): boolean {
    const { scanner } = this;
    if (member === null || !scanner.has(member)) return true;
    const span = { from: scanner.start(member), to: scanner.end(member) };
    return isDecimal(FITS, scanner.view, span);
  }

  private readRatios(): void {
    const { spend, impressions, clicks, cpc, cpm, ctr } = this.members;
    this.parts = {
      spend: this.millionths(spend),
      impressions: this.count(impressions),
      clicks: this.count(clicks),
      cpc: this.millionths(cpc),
      cpm: this.millionths(cpm),
      ctr: this.millionths(ctr),
    };
    this.slowRatios = null;
    if (this.ratios.take(this.parts)) return;
    const text = (member: Member | null): string | null =>
      member !== null && this.scanner.has(member) ? this.scanner.text(member) : null;
    const parts = { spend: text(spend), impressions: text(impressions), clicks: text(clicks) };
    this.slowRatios = ratiosOf(parts, { cpc: text(cpc), cpm: text(cpm), ctr: text(ctr) });
  }

  private millionths(member: Member | null): number {
    const { scanner } = this;
    if (member === null || !scanner.has(member)) return ABSENT;
    return millionthsAt(scanner.view, scanner.start(member), scanner.end(member));
  }

  private count(member: Member | null): number {
    const { scanner } = this;
    if (member === null || !scanner.has(member)) return ABSENT;
    return countAt(scanner.view, scanner.start(member), scanner.end(member));
  }
}

const NO_PARTS: Parts = {
  spend: ABSENT,
  impressions: ABSENT,
  clicks: ABSENT,
  cpc: ABSENT,
  cpm: ABSENT,
  ctr: ABSENT,
};

/** Members that more than one column is made of. */
type RowMembers = ReturnType<typeof membersOf>;

function membersOf({ members }: Scanner) {
  return {
    currency: members.find('account_currency'),
    spend: members.find('spend'),
    frequency: members.find('frequency'),
    impressions: members.find('impressions'),
    clicks: members.find('clicks'),
    inline: members.find('inline_link_clicks'),
    outbound: members.find('outbound_clicks'),
    cpc: members.find('cpc'),
    cpm: members.find('cpm'),
    ctr: members.find('ctr'),
    /** Rows with this member have fields missing, which the plain path knows what to do with. */
    degraded: members.find(DEGRADED),
  };
}
