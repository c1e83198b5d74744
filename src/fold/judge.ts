import type { Contract, Violation } from '../contract.ts';
import type { Dataset } from '../dataset.ts';
import { instantOf } from '../instant.ts';
import { type Batch, campaignInScope } from '../landing/batch.ts';
import { type QuarantineRecord, quarantineRecord } from '../quarantine.ts';
import { dayAt, isDay } from '../window.ts';
import { type Lineage, lineageOf } from './lineage.ts';

/** The dataset a record is judged as, and its raw contract. */
export interface JudgeInput {
  readonly dataset: Dataset;
  readonly contract: Contract;
}

/** A record of raw, ready to be folded. */
export interface RawRow {
  /** Natural key: values of the dataset's key parts, null where a breakdown was not sent. */
  readonly key: readonly (string | null)[];
  /** The record's text as sent, minified. */
  readonly line: string;
  readonly day: string | null;
  readonly campaign: string | null;
  readonly lineage: Lineage;
}

/** A record that keeps its contract. */
export interface Accepted {
  readonly kind: 'accepted';
  readonly key: string;
  readonly month: string;
  readonly row: RawRow;
  readonly unknownFields: readonly string[];
}

/** A record that does not. */
export interface Refused {
  readonly kind: 'refused';
  readonly key: string | null;
  readonly month: string;
  readonly record: QuarantineRecord;
  readonly unknownFields: readonly string[];
}

/** The verdict on one record, with the month it belongs to and the fields its contract does not know. */
export type Judged = Accepted | Refused;

/** A record and where it stands in its batch; `row` counts from 1. */
export interface Place {
  readonly page: string;
  readonly row: number;
  readonly text: string;
}

/**
 * Judges one record: its contract first, then what only the batch knows (account, days and campaigns
 * it asked for). `place.text` must be valid JSON.
 */
export function judge(input: JudgeInput, batch: Batch, place: Place): Judged {
  const value: unknown = JSON.parse(place.text);
  const record = asRecord(value);
  const day = rowDay(input.dataset, record, batch.timezone);
  const key = keyOf(input.dataset, record, batch);
  const month = monthFor(input.dataset, batch, day);
  const campaign = textField(record, input.dataset.campaignField);
  const violations = [
    ...input.contract.check(value),
    ...outOfScope(input.dataset, batch, { record, day, campaign }),
  ];
  const unknownFields = Object.keys(record).filter(
    (name) => !Object.hasOwn(input.contract.properties, name),
  );
  if (violations.length === 0 && key !== null) {
    const lineage = lineageOf(batch, place.page, place.row);
    const row = { key, line: place.text, day, campaign, lineage };
    return { kind: 'accepted', key: JSON.stringify(key), month, row, unknownFields };
  }
  const refused = quarantineRecord({
    dataset: input.dataset.name,
    zone: 'raw',
    account_id: batch.account_id,
    batch_id: batch.batch_id,
    page: place.page,
    row: place.row,
    violations: violations.length > 0 ? violations : [NO_KEY],
    record: place.text,
  });
  return {
    kind: 'refused',
    key: key === null ? null : JSON.stringify(key),
    month,
    record: refused,
    unknownFields,
  };
}

const NO_KEY: Violation = { pointer: '', reason: 'a part of the natural key is missing' };

/**
 * A row of raw made again from its line and its lineage, without judging it: it was accepted before.
 * Null when the natural key cannot be told from them.
 */
export function rowAgain(
  dataset: Dataset,
  from: { readonly line: string; readonly lineage: Lineage; readonly accountId: string },
): RawRow | null {
  const record = asRecord(JSON.parse(from.line));
  const { line, lineage } = from;
  const object = lineage.object_id === '' ? null : lineage.object_id;
  const key = keyOf(dataset, record, { account_id: from.accountId, object_id: object });
  if (key === null) return null;
  const campaign = textField(record, dataset.campaignField);
  const timezone = lineage.timezone === '' ? null : lineage.timezone;
  return { key, line, day: rowDay(dataset, record, timezone), campaign, lineage };
}

function outOfScope(
  dataset: Dataset,
  batch: Batch,
  found: {
    readonly record: Readonly<Record<string, unknown>>;
    readonly day: string | null;
    readonly campaign: string | null;
  },
): readonly Violation[] {
  const violations: Violation[] = [];
  const account = textField(found.record, 'account_id');
  if (account !== null && account.replace(/^act_/, '') !== batch.account_id) {
    const reason = `belongs to account ${account}, but account ${batch.account_id} was asked`;
    violations.push({ pointer: '/account_id', reason });
  }
  const { since, until, campaigns } = batch.scope;
  const field = dataset.dayField ?? '';
  if (dataset.fold !== 'entity' && since !== null && until !== null && found.day !== null) {
    if (found.day < since || found.day > until) {
      const reason = `is ${found.day}, but the answer is for ${since} to ${until}`;
      violations.push({ pointer: `/${field}`, reason });
    }
  }
  if (found.campaign !== null && !campaignInScope(campaigns, found.campaign)) {
    const reason = `is ${found.campaign}, which the request left out`;
    violations.push({ pointer: `/${dataset.campaignField ?? ''}`, reason });
  }
  return violations;
}

function keyOf(
  dataset: Dataset,
  record: Readonly<Record<string, unknown>>,
  batch: Pick<Batch, 'account_id' | 'object_id'>,
): readonly (string | null)[] | null {
  const key: (string | null)[] = [];
  for (const part of dataset.key) {
    if (part.from === 'account') key.push(batch.account_id);
    else if (part.from === 'object') key.push(batch.object_id);
    else {
      const value = Object.hasOwn(record, part.field) ? record[part.field] : undefined;
      if (value !== undefined && value !== null && typeof value !== 'string') return null;
      if (typeof value !== 'string' && part.field === dataset.dayField) return null;
      key.push(value ?? null);
    }
  }
  return key;
}

/**
 * The account's day of a row, or null when it cannot be told. `timezone` is the account's (an IANA
 * name); it counts where the row has an instant, and UTC stands for one that nobody knows.
 */
export function rowDay(
  dataset: Dataset,
  record: Readonly<Record<string, unknown>>,
  timezone: string | null,
): string | null {
  const text = textField(record, dataset.dayField) ?? '';
  if (dataset.isDayOfInstant === true) return dayOfInstant(text, timezone ?? 'UTC');
  const day = text.slice(0, 10);
  return isDay(day) ? day : null;
}

function dayOfInstant(text: string, timezone: string): string | null {
  const instant = instantOf(text) ?? '';
  return instant.endsWith('Z') ? dayAt(instant, timezone) : null;
}

/** The month a record belongs to by its day; `all` for entities, and see `fallbackMonth`. */
export function monthFor(dataset: Dataset, batch: Batch, day: string | null): string {
  if (dataset.fold === 'entity') return 'all';
  const { since, until } = batch.scope;
  const isWithin = day !== null && day >= (since ?? day) && day <= (until ?? day);
  return isWithin ? day.slice(0, 7) : fallbackMonth(batch);
}

/** Where a record goes whose day cannot be told: the month its batch begins in. */
export function fallbackMonth(batch: Batch): string {
  return batch.scope.since?.slice(0, 7) ?? 'all';
}

function textField(
  record: Readonly<Record<string, unknown>>,
  field: string | undefined,
): string | null {
  const value = field !== undefined && Object.hasOwn(record, field) ? record[field] : undefined;
  return typeof value === 'string' ? value : null;
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as Readonly<Record<string, unknown>>) : {};
}
