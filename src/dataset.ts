import { EVERYBODY, type FileMode, OWNER_ALONE } from './file.ts';

/**
 * The source a dataset comes from, like meta or google; also the folder name under each zone. What
 * belongs to no platform (exchange rates, the lake's own log) is `internal`.
 */
export type Platform = string;

/**
 * How a batch of the dataset is folded into raw.
 * - `fact`: rows carry a day; a complete answer withdraws what it asked for and did not get back.
 * - `entity`: rows are the last known state of an object; an object that is no longer listed keeps
 *   its last known state, because facts still refer to it.
 * - `log`: rows carry a day and are added or replaced, never withdrawn: the source forgets them after
 *   a while, so an answer that does not bring them says nothing of them.
 */
export type Fold = 'fact' | 'entity' | 'log';

/** One part of a natural key: a field of the record, or what the batch says where the record can't. */
export type KeyPart =
  | { readonly from: 'record'; readonly field: string }
  | { readonly from: 'account' }
  | { readonly from: 'object' };

/**
 * A dataset: one name in five places (schemas of raw and staging, zone paths, the golden case, the
 * data dictionary). What is common to its rows, whatever the zone.
 */
export interface Dataset {
  /** snake_case; the name in every path and schema. */
  readonly name: string;
  readonly platform: Platform;
  readonly fold: Fold;
  /** The raw natural key. Makes rows unique and sorts the file. */
  readonly key: readonly KeyPart[];
  /** The raw field whose first ten characters are the row's day (account time zone), if any. */
  readonly dayField?: string;
  /** True when `dayField` holds an instant whose offset is not the account's: its day is worked out. */
  readonly isDayOfInstant?: true;
  /** Days after which the source no longer has a row; none when it keeps them for longer than a year. */
  readonly keptDays?: number;
  /** The raw field that names the row's campaign, if rows belong to campaigns. */
  readonly campaignField?: string;
  /** The natural key in staging columns, in sort order. */
  readonly stagingKey: readonly string[];
  /**
   * The dataset whose answers its rows are taken from, when it has none of its own: it then keeps every
   * version of that dataset's figures, and not only the last.
   */
  readonly versionsOf?: string;
  /**
   * True when its records are about persons (see `x-personal` in its contracts): its files are for the
   * lake's owner alone, in every zone but curated, whose tables are for people.
   */
  readonly isPrivate?: true;
  /** One sentence for people: what one row is. */
  readonly grain: string;
}

/** Who may read a file of the lake, less what the process's umask takes away: its owner, or everybody. */
export function modeOf(dataset: Dataset): FileMode {
  return dataset.isPrivate === true ? OWNER_ALONE : EVERYBODY;
}

/**
 * Whether a choice of datasets by name takes this one: by its own name, or by that of the dataset whose
 * versions it keeps. No choice takes all.
 */
export function isChosen(dataset: Dataset, names: readonly string[] | undefined): boolean {
  if (names === undefined || names.includes(dataset.name)) return true;
  return dataset.versionsOf !== undefined && names.includes(dataset.versionsOf);
}
