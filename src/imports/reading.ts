import type { Field } from './fields.ts';

/** How the bytes of a file become rows of cells. */
export type Layout =
  | {
      readonly format: 'csv';
      readonly isGzip: boolean;
      /** A label of the Encoding Standard: utf-8, utf-16le, utf-16be, windows-1252 and so on. */
      readonly encoding: string;
      readonly delimiter: string;
    }
  | { readonly format: 'xlsx'; readonly sheet: string }
  | {
      readonly format: 'json';
      readonly isGzip: boolean;
      /** Where its rows lie, as the mapping says it: `results[]`. */
      readonly rows: readonly string[];
      /** The columns and their order, where several pages have to have the same ones. */
      readonly headers?: readonly string[];
    };

/** Which mark stands before decimals; the others, spaces and apostrophes part thousands. */
export type DecimalMark = '.' | ',';

/** Order of the parts of a date; `name` forms have the month as a word. */
export type DayForm = 'ymd' | 'dmy' | 'mdy';

/** How cells of one column are read. */
export interface ColumnReading {
  /** The header as it stands; a second one of the same name has ` (2)` behind it. */
  readonly header: string;
  /** Null: the cell is kept under its own header. */
  readonly field: Field | null;
  /** Of several columns for one field, the one of the smallest rank that has a value counts. */
  readonly rank?: number;
  /** Null where the column has nothing that depends on it. */
  readonly decimal?: DecimalMark;
  readonly days?: DayForm;
  /** Figures are millionths of what they mean. */
  readonly unit?: 'micros';
  /** The name that a value of a `segment` column goes by. */
  readonly segment?: string;
}

/** A row that is not a record, and why. */
export interface LeftOut {
  /** Counted from 1, as the file has its rows. */
  readonly row: number;
  readonly why: 'total' | 'no day' | 'note';
}

/** Which rows of the file are this batch's, when the file is of several accounts. */
export interface AccountRows {
  readonly column: number;
  /** The cell's text; rows with another one belong to other batches. */
  readonly is: string;
}

/** What a row is about. */
export type Level = 'account' | 'campaign' | 'ad_set' | 'ad';

/**
 * Everything that is needed to read a landed file again without guessing. It is made once, at the
 * import, and lies in the batch; landing-to-raw reads by it alone.
 */
export interface Reading {
  /** Raised when the same reading would give other records. */
  readonly version: 1;
  readonly platform: string;
  /** Name of the mapping that named the columns. */
  readonly mapping: string;
  /** The file's own name, without folders and control characters. */
  readonly file_name: string;
  readonly layout: Layout;
  /** Row of the headers and first and last row of the body, counted from 1; JSON has no header row. */
  readonly header_row: number;
  readonly first_row: number;
  readonly last_row: number;
  readonly columns: readonly ColumnReading[];
  readonly left_out: readonly LeftOut[];
  readonly account: AccountRows | null;
  /** The period of every row, inclusive, where rows have no days of their own. */
  readonly period: { readonly since: string; readonly until: string } | null;
  /** True when rows that share a key are kept apart by their occurrence. */
  readonly counts_occurrences: boolean;
  /** What every row has that does not say it itself: the name of the account, for example. */
  readonly stated?: Readonly<Partial<Record<Field, string>>>;
  readonly locale: string | null;
  readonly attribution_rule: string | null;
}
