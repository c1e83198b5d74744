import { plainCell } from './cell.ts';
import { dayIn, periodIn } from './day-form.ts';
import { FIELDS, type Field, isFigure } from './fields.ts';
import { decimalIn, isAbsent } from './number-form.ts';
import type { ColumnReading, Level, Reading } from './reading.ts';
import { utmOf } from './utm.ts';

/** What a row of a file says, by field; cells without a field are under `other_metrics`. */
export interface RowFields {
  readonly fields: Readonly<Record<string, string>>;
  readonly others: Readonly<Record<string, string>>;
}

/** Reads the cells of a row. */
export type FieldsOf = (cells: readonly string[]) => RowFields;

/** Reads rows by their columns: each cell as its column says, absent ones left out. */
export function fieldReader(columns: readonly ColumnReading[]): FieldsOf {
  const steps = columns
    .map((column, at) => ({ ...stepOf(column, at), rank: column.rank ?? 0 }))
    .sort((left, right) => left.rank - right.rank);
  return (cells) => {
    const fields: Record<string, string> = {};
    const others: Record<string, string> = {};
    const segments: string[] = [];
    for (const step of steps) {
      const cell = cells[step.at];
      if (cell === undefined || cell === '') continue;
      const value = step.read(cell);
      if (value === null) continue;
      if (step.to === 'other') others[step.name] = value;
      else if (step.to === 'segment') segments.push(`${step.name}=${value}`);
      else fields[step.name] ??= value;
    }
    if (segments.length > 0) fields.segment = segments.sort().join('; ');
    return { fields, others };
  };
}

/** A row as a record of the raw contract, less its occurrence. */
export type RecordOf = (cells: readonly string[]) => Record<string, unknown>;

/** Makes rows of a file into records by its reading: the same cells give the same record. */
export function recordReader(reading: Reading): RecordOf {
  const read = fieldReader(reading.columns);
  return (cells) => finished(reading, read(cells));
}

interface Step {
  readonly at: number;
  readonly to: 'field' | 'segment' | 'other';
  readonly name: string;
  /** The cell's value, or null when it means that there is nothing. */
  readonly read: (cell: string) => string | null;
}

function stepOf(column: ColumnReading, at: number): Step {
  const { field, header } = column;
  if (field === null) return { at, to: 'other', name: header, read: (cell) => other(cell, column) };
  if (field === 'segment') return { at, to: 'segment', name: column.segment ?? header, read: text };
  return { at, to: 'field', name: field, read: readerOf(column) };
}

function readerOf(column: ColumnReading): (cell: string) => string | null {
  const kind = FIELDS[column.field ?? 'status'];
  const form = column.days ?? 'ymd';
  const mark = column.decimal ?? '.';
  if (kind === 'id') return idIn;
  if (kind === 'day') return (cell) => (isAbsent(cell) ? null : (dayIn(cell, form) ?? cell.trim()));
  if (kind === 'period' || !isFigure(kind)) return column.field === 'currency' ? code : text;
  if (column.unit === 'micros') return (cell) => fromMicros(figure(cell, mark));
  return (cell) => figure(cell, mark);
}

/** A figure as decimal text; what is none stays as it is, for the contract to refuse. */
function figure(cell: string, mark: '.' | ','): string | null {
  if (isAbsent(cell)) return null;
  return decimalIn(cell, mark) ?? plainCell(cell).trim();
}

/** A cell without a column of its own: a figure where its column has figures, else as it is. */
function other(cell: string, column: ColumnReading): string | null {
  if (isAbsent(cell)) return null;
  const plain = plainCell(cell).trim();
  return column.decimal === undefined ? plain : (decimalIn(cell, column.decimal) ?? plain);
}

const NO_TEXT = new Set(['-', '–', '—', '--', 'N/A', 'n/a', '#N/A']);

function text(cell: string): string | null {
  const plain = plainCell(cell).trim();
  return plain === '' || NO_TEXT.has(plain) ? null : plain;
}

function code(cell: string): string | null {
  return text(cell)?.toUpperCase() ?? null;
}

const DAMAGED = /^\d([.,]\d+)?E\+?\d+$/i;

/**
 * The id in a cell: `="123"` and `c:123` of spreadsheets, `act_123` and URNs are taken out of their
 * wrapping. Null when a spreadsheet has rounded it, for then it is nobody's id.
 */
export function idIn(cell: string): string | null {
  const bare = text(cell);
  if (bare === null || DAMAGED.test(bare)) return null;
  const inner = /^="?([^"]*)"?$/.exec(bare)?.[1] ?? bare;
  return inner.replace(/^urn:.*:/, '').replace(/^([a-z]{1,2}:|act_)(?=\d)/, '') || null;
}

/** A number of millionths as a number of ones, exactly. */
function fromMicros(value: string | null): string | null {
  const [, sign = '', digits = ''] = /^(-?)(\d+)$/.exec(value ?? '') ?? [];
  if (digits === '') return value;
  const padded = digits.padStart(7, '0');
  const part = padded.slice(-6).replace(/0+$/, '');
  return `${sign}${padded.slice(0, -6)}${part === '' ? '' : `.${part}`}`;
}

/** Fields that are no columns of the contract: what they say is in others by now. */
const INNER = [
  'day',
  'period',
  'platform_name',
  'row_kind',
  'account_id',
  'average_purchase_value',
] as const;

/** The fields become the record: they were read for this row alone, and there are many rows. */
function finished(reading: Reading, { fields, others }: RowFields): Record<string, unknown> {
  const record: Record<string, unknown> = fields;
  const { date_start, date_stop } = daysOf(reading, fields);
  record.level = levelOf(fields);
  record.object_key = objectKey(fields, levelOf(fields)) ?? undefined;
  record.date_start = date_start;
  record.date_stop = date_stop;
  if (fields.purchase_value !== undefined) record.purchase_value_source = 'reported';
  else if (fields.average_purchase_value !== undefined)
    Object.assign(record, valueByAverage(fields));
  for (const [name, value] of utmOf(fields.landing_page_url)) record[name] ??= value;
  for (const name in reading.stated) record[name] ??= reading.stated[name as Field];
  if (reading.attribution_rule !== null) record.attribution_rule ??= reading.attribution_rule;
  for (const name of INNER) if (record[name] !== undefined) record[name] = undefined;
  for (const _name in others) {
    record.other_metrics = others;
    break;
  }
  return record;
}

/** The days of a row, as its columns or the whole file say; empty when nothing says. */
export function daysOf(
  reading: Pick<Reading, 'columns' | 'period'>,
  fields: Readonly<Record<string, string>>,
): { readonly date_start?: string; readonly date_stop?: string } {
  const { day, period, date_start, date_stop } = fields;
  if (day !== undefined) return { date_start: day, date_stop: day };
  if (period !== undefined) {
    const form = reading.columns.find(({ field }) => field === 'period')?.days ?? 'ymd';
    const found = periodIn(period, form);
    if (found !== null) return { date_start: found.since, date_stop: found.until };
  }
  if (date_start !== undefined) return { date_start, date_stop: date_stop ?? date_start };
  const { period: told } = reading;
  return told === null ? {} : { date_start: told.since, date_stop: told.until };
}

/** What a row is about, by the finest thing it names. */
export function levelOf(fields: Readonly<Record<string, string>>): Level {
  if (fields.ad_id !== undefined || fields.ad_name !== undefined) return 'ad';
  if (fields.ad_set_id !== undefined || fields.ad_set_name !== undefined) return 'ad_set';
  return fields.campaign_id !== undefined || fields.campaign_name !== undefined
    ? 'campaign'
    : 'account';
}

const DOWN_TO: Readonly<Record<Level, readonly string[]>> = {
  account: [],
  campaign: ['campaign_name'],
  ad_set: ['campaign_name', 'ad_set_name'],
  ad: ['campaign_name', 'ad_set_name', 'ad_name'],
};

/** The id at the row's level, else the names down to it; null when the row does not name its object. */
export function objectKey(fields: Readonly<Record<string, string>>, level: Level): string | null {
  if (level === 'account') return 'account';
  const id = fields[`${level}_id`];
  if (id !== undefined) return id;
  if (fields[`${level}_name`] === undefined) return null;
  return JSON.stringify(DOWN_TO[level].map((name) => fields[name] ?? ''));
}

/** The value of purchases where only their average was exported, to the cent; see `product`. */
function valueByAverage(
  fields: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const { average_purchase_value: average, purchases } = fields;
  if (average === undefined || purchases === undefined) return {};
  const value = centsOf(average, purchases);
  if (value === null) return {};
  return { purchase_value: value, purchase_value_source: 'average_times_purchases' };
}

const DECIMAL = /^\d{1,15}(\.\d{1,12})?$/;

function centsOf(average: string, purchases: string): string | null {
  if (!DECIMAL.test(average) || !DECIMAL.test(purchases)) return null;
  const [whole = '', part = ''] = average.split('.');
  const [times = '', timesPart = ''] = purchases.split('.');
  const places = part.length + timesPart.length;
  const product = BigInt(whole + part) * BigInt(times + timesPart);
  const unit = 10n ** BigInt(places);
  const cents = (product * 100n * 2n + unit) / (unit * 2n);
  const text = String(cents).padStart(3, '0');
  return `${text.slice(0, -2)}.${text.slice(-2)}`.replace(/\.?0+$/, (end) =>
    end.startsWith('.') ? '' : end.replace(/0+$/, ''),
  );
}
