import { isDecimal } from '../../decimal.ts';
import { type Mapping, plainName } from './mapping.ts';
import { type Moment, momentOf } from './moment.ts';
import { cutPersonal, type PersonKind, personKey } from './personal.ts';
import type { Salt } from './salt.ts';
import type { Table } from './table.ts';

/** What a file does not say itself. */
export interface Told {
  /** IANA name; null: days are those that the file names. */
  readonly timezone: string | null;
  /** ISO 4217 code for rows without one. */
  readonly currency: string | null;
  /** What the records come from, for example the name of one of two shops. */
  readonly source: string | null;
}

/** A record as it is landed: text by field, nothing personal in clear. */
export type CleanRecord = Readonly<Record<string, string>>;

/** What is left of a file. */
export interface Redacted {
  readonly records: readonly CleanRecord[];
  /** Rows that go on with the one before (another article of an order). */
  readonly continued: number;
  /** Columns of which nothing is kept, in the order of the file. */
  readonly dropped: readonly string[];
  /** Rows whose person became a key. */
  readonly keyed: number;
  /** Times that need a time zone which nobody told. */
  readonly zoneless: number;
  /** Rows without a currency. */
  readonly withoutCurrency: number;
}

/**
 * Turns the rows of a file into records by a mapping. Only columns that the mapping names are looked
 * at, and of them only what has the form it must have: an amount is a number or says `unreadable`, so
 * that a name that slipped into the wrong column does not stay. Persons become keys.
 */
export function redact(
  table: Table,
  by: { readonly mapping: Mapping; readonly told: Told; readonly salt: Salt },
): Redacted {
  const reader = new RowReader(table, by);
  const records: CleanRecord[] = [];
  let continued = 0;
  const seen = new Set<string>();
  for (const row of table.rows) {
    const record = reader.read(row);
    const rule = by.mapping.continued;
    const same = rule === undefined ? undefined : record[rule.same];
    if (rule !== undefined && same !== undefined) {
      if (seen.has(same) && record[rule.without] === undefined) {
        continued++;
        continue;
      }
      seen.add(same);
    }
    records.push(record);
  }
  const { dropped, keyed, zoneless, withoutCurrency } = reader;
  return { records, continued, dropped, keyed, zoneless, withoutCurrency };
}

/** Reads row by row and counts what a person should know. Lives as long as one file. */
class RowReader {
  keyed = 0;
  zoneless = 0;
  withoutCurrency = 0;
  readonly dropped: readonly string[];
  private readonly mapping: Mapping;
  private readonly told: Told;
  private readonly salt: Salt;
  private readonly headers: ReadonlyMap<string, string>;

  constructor(
    table: Table,
    by: { readonly mapping: Mapping; readonly told: Told; readonly salt: Salt },
  ) {
    this.mapping = by.mapping;
    this.told = by.told;
    this.salt = by.salt;
    this.headers = new Map(table.headers.map((header) => [plainName(header), header]));
    const kept = new Set(Object.values(this.mapping.columns).flat().map(plainName));
    this.dropped = table.headers.filter((header) => !kept.has(plainName(header)));
  }

  read(row: ReadonlyMap<string, string>): CleanRecord {
    const record: Record<string, string> = {};
    for (const [field, names] of Object.entries(this.mapping.columns)) {
      const text = this.first(row, names);
      if (text !== null) this.put(record, field, text);
    }
    record.source = this.told.source ?? record.source ?? this.mapping.source;
    this.putCurrency(record);
    this.putPerson(record, row);
    if (this.mapping.not_sold !== undefined) record.is_sold = String(this.isSold(record));
    return record;
  }

  private first(row: ReadonlyMap<string, string>, names: readonly string[]): string | null {
    for (const name of names) {
      const value = row.get(this.headers.get(plainName(name)) ?? '');
      if (value !== undefined) return value;
    }
    return null;
  }

  private put(record: Record<string, string>, field: string, text: string): void {
    const meanings = this.mapping.values?.[field];
    if (meanings !== undefined) {
      const meaning = meanings[text.toLowerCase()];
      if (meaning !== undefined) record[field] = meaning;
    } else if (field.endsWith('_at')) this.putMoment(record, field, text);
    else record[field] = FORMS[field]?.(text) ?? freeText(text);
  }

  private putMoment(record: Record<string, string>, field: string, text: string): void {
    const own = momentOf(text, this.mapping.timezone ?? null);
    const moment = this.inToldZone(own, text);
    if (moment.kind === 'zoneless') this.zoneless++;
    if (moment.kind === 'instant') record[field] = moment.at;
    else if (moment.kind === 'day') record[field] = moment.day;
    else record[field] = unreadable(text);
    const hasDay = moment.kind === 'instant' || moment.kind === 'day';
    if (hasDay && field !== 'cancelled_at') record.day = moment.day;
  }

  /** A mapping's own zone says what a bare time means; the day is that of the zone that was told. */
  private inToldZone(own: Moment, text: string): Moment {
    const { timezone } = this.told;
    if (timezone === null) return own;
    return own.kind === 'instant' ? momentOf(own.at, timezone) : momentOf(text, timezone);
  }

  private putCurrency(record: Record<string, string>): void {
    const currency = record.currency ?? this.told.currency;
    if (currency !== null) record.currency = currency;
    else if (record.amount !== undefined || record.value !== undefined) this.withoutCurrency++;
  }

  private putPerson(record: Record<string, string>, row: ReadonlyMap<string, string>): void {
    for (const kind of ['email', 'phone', 'key'] as const) {
      const text = this.first(row, this.mapping.person?.[kind] ?? []);
      const key = text === null ? null : personKey(this.salt, kindOf(kind, text), text);
      if (key === null) continue;
      record[this.mapping.dataset === 'orders' ? 'customer_key' : 'person_key'] = key;
      this.keyed++;
      return;
    }
  }

  private isSold(record: CleanRecord): boolean {
    const status = record.status?.toLowerCase() ?? '';
    return record.cancelled_at === undefined && this.mapping.not_sold?.includes(status) !== true;
  }
}

/** An e-mail address is one in whatever column it stands. */
function kindOf(kind: PersonKind, text: string): PersonKind {
  return text.includes('@') ? 'email' : kind;
}

const MAX_TEXT_CHARACTERS = 300;

function freeText(text: string): string {
  return cutPersonal(text).slice(0, MAX_TEXT_CHARACTERS);
}

/** Says that there was something, and not what. */
function unreadable(text: string): string {
  return `unreadable: ${text.length} characters`;
}

function matching(pattern: RegExp): (text: string) => string {
  return (text) => (pattern.test(text) ? text : unreadable(text));
}

const ID = matching(/^#?[\p{L}\p{N}_.:/-]{1,80}$/u);

/** Fields that have a form of their own. What has another form is not kept. */
const FORMS: Readonly<Record<string, (text: string) => string>> = {
  order_id: ID,
  conversion_id: ID,
  campaign_id: ID,
  click_id: matching(/^[\w.:~-]{1,500}$/),
  currency: (text) => matching(/^[A-Z]{3}$/)(text.toUpperCase()),
  day: matching(/^\d{4}-\d{2}-\d{2}$/),
  amount: decimalOf,
  refunded: decimalOf,
  value: decimalOf,
  cost: decimalOf,
  prediction_id: ID,
  predicted_roas: decimalOf,
  predicted_ctr: decimalOf,
};

/**
 * A number as decimal text with a point. Thousands are told from decimals only where there is no
 * doubt: `1,234.50`, `1234,50` and `1234.5` are read, `1,234` is not.
 */
function decimalOf(text: string): string {
  if (/^-?\d{1,3}(,\d{3})+\.\d+$/.test(text)) return text.replaceAll(',', '');
  if (/^-?\d+,\d{2}$/.test(text)) return text.replace(',', '.');
  if (/^-?\d{1,3}(\.\d{3})+,\d+$/.test(text)) return text.replaceAll('.', '').replace(',', '.');
  return isDecimal(text) ? text : unreadable(text);
}
