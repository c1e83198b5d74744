/** What a person says of a file because the file does not. */
export interface ToldOfFile {
  readonly as: string | null;
  readonly account: string | null;
  readonly currency: string | null;
  readonly timezone: string | null;
  readonly locale: string | null;
  /** Path of a mapping file of their own. */
  readonly mapping: string | null;
  /** First and last day of the file, inclusive, for rows without days. */
  readonly since: string | null;
  readonly until: string | null;
  /** The day of the export, or null: what the file says, else the day it was written. */
  readonly exportedOn: string | null;
}
