import type { Contract } from '../contract.ts';
import type { DayShape, Kind } from './shape.ts';
import type { Survey } from './survey-file.ts';

/** A change in what a source sends. */
export interface DriftFinding {
  /**
   * - `new_field`: a field that the contract does not know. It is kept in raw.
   * - `changed_type`: a value of another kind than the contract wants. Its records are in quarantine.
   * - `removed_field`: nearly every record had it, and now none has.
   * - `renamed_action_type`: one action type ended where another of the same frequency began.
   */
  readonly kind: 'new_field' | 'changed_type' | 'removed_field' | 'renamed_action_type';
  readonly dataset: string;
  /** The field, or the action type that ended. */
  readonly name: string;
  /** What it was, or was expected to be, in words; null for a new field. */
  readonly was: string | null;
  /** What it is now; null when it is gone. */
  readonly found: string | null;
  /** The first day on which it was so: the account's own day when the question was asked. */
  readonly first_day: string;
  readonly last_day: string;
  /** Accounts (digits) in whose answers it is so, sorted. */
  readonly accounts: readonly string[];
  /** Records that show it: those that have it, or, where something is gone, those that lack it. */
  readonly records: number;
}

/** Every change that a survey shows, sorted by kind and name; accounts that show the same are one finding. */
export function findDrift(
  dataset: string,
  survey: Survey,
  contract: Contract,
): readonly DriftFinding[] {
  const found = [...survey.accounts].flatMap(([account, shapes]) => {
    const days = daysOf(shapes);
    return [
      ...unknownFields(days, contract),
      ...otherKinds(days, contract),
      ...goneFields(days),
      ...renamedActions(days),
    ].map((one): DriftFinding => ({ ...one, dataset, accounts: [account] }));
  });
  const together = new Map<string, DriftFinding>();
  for (const one of found) {
    const id = driftId(one);
    const known = together.get(id);
    together.set(id, known === undefined ? one : joined(known, one));
  }
  return [...together.values()].sort((a, b) => (driftId(a) < driftId(b) ? -1 : 1));
}

/** What makes a finding the same as one of another day or account. */
export function driftId({ dataset, kind, name, found }: DriftFinding): string {
  return JSON.stringify([dataset, kind, name, found]);
}

function joined(left: DriftFinding, right: DriftFinding): DriftFinding {
  return {
    ...left,
    first_day: left.first_day < right.first_day ? left.first_day : right.first_day,
    last_day: left.last_day > right.last_day ? left.last_day : right.last_day,
    accounts: [...new Set([...left.accounts, ...right.accounts])].sort(),
    records: left.records + right.records,
  };
}

interface Day extends DayShape {
  readonly day: string;
}

/** A finding of one account. */
type Found = Omit<DriftFinding, 'dataset' | 'accounts'>;

/** Days on which records came, oldest first. */
function daysOf(shapes: ReadonlyMap<string, DayShape>): readonly Day[] {
  return [...shapes]
    .map(([day, shape]) => ({ day, ...shape }))
    .filter(({ records }) => records > 0)
    .sort((left, right) => (left.day < right.day ? -1 : 1));
}

function unknownFields(days: readonly Day[], contract: Contract): readonly Found[] {
  const names = fieldsOf(days).filter((name) => !Object.hasOwn(contract.properties, name));
  return names.map((name) => {
    const having = days.filter(({ fields }) => fields.has(name));
    const kinds = [
      ...new Set(having.flatMap(({ fields }) => [...(fields.get(name)?.keys() ?? [])])),
    ];
    const records = sum(having.map(({ fields }) => sum(fields.get(name)?.values() ?? [])));
    return {
      kind: 'new_field',
      name,
      was: null,
      found: kinds.sort().join(' or '),
      records,
      ...spanOf(having),
    };
  });
}

/** What JSON Schema's types are among the kinds. */
const KINDS: Readonly<Record<string, readonly Kind[]>> = {
  string: ['text'],
  number: ['number'],
  integer: ['number'],
  boolean: ['boolean'],
  array: ['list'],
  object: ['object'],
  null: ['null'],
};

function otherKinds(days: readonly Day[], contract: Contract): readonly Found[] {
  return fieldsOf(days).flatMap((name) => {
    const types = typesOf(contract, name);
    if (types === null) return [];
    const allowed = new Set(types.flatMap((type) => KINDS[type] ?? []));
    const kinds = new Set(days.flatMap(({ fields }) => [...(fields.get(name)?.keys() ?? [])]));
    return [...kinds]
      .filter((kind) => !allowed.has(kind))
      .map((kind): Found => {
        const having = days.filter(({ fields }) => fields.get(name)?.has(kind));
        const records = sum(having.map(({ fields }) => fields.get(name)?.get(kind) ?? 0));
        const was = [...allowed].sort().join(' or ');
        return { kind: 'changed_type', name, was, found: kind, records, ...spanOf(having) };
      });
  });
}

/** The JSON types that the contract allows, or null when it says none. */
function typesOf(contract: Contract, name: string): readonly string[] | null {
  if (!Object.hasOwn(contract.properties, name)) return null;
  const { type } = contract.properties[name] as { readonly type?: string | readonly string[] };
  return type === undefined ? null : [type].flat();
}

/** A field that so many of the records had is missed when it is gone; rarer ones come and go. */
const COMMON_SHARE = 0.9;
/** Fewer records could lack it by chance. */
const LEAST_RECORDS = 20;

function goneFields(days: readonly Day[]): readonly Found[] {
  return fieldsOf(days).flatMap((name) => {
    const last = days.findLastIndex(({ fields }) => fields.has(name));
    const before = days.slice(0, last + 1);
    const after = days.slice(last + 1);
    const had = sum(before.map(({ fields }) => sum(fields.get(name)?.values() ?? [])));
    const share = had / recordsIn(before);
    const lacking = recordsIn(after);
    if (share < COMMON_SHARE || had < LEAST_RECORDS || lacking < LEAST_RECORDS) return [];
    const was = `in ${Math.round(share * 100)} % of ${recordsIn(before)} records`;
    return [{ kind: 'removed_field', name, was, found: null, records: lacking, ...spanOf(after) }];
  });
}

/** An action type as often in the records as this one, give or take, may be the same under another name. */
const MOST_TIMES_AS_OFTEN = 2;

function renamedActions(days: readonly Day[]): readonly Found[] {
  const types = [...new Set(days.flatMap(({ actions }) => [...actions.keys()]))];
  const begun = types.map((name) => beginningOf(days, name)).filter((one) => one !== null);
  const taken = new Set<string>();
  return types.flatMap((name): readonly Found[] => {
    const ended = endOf(days, name);
    if (ended === null) return [];
    const heir = begun
      .filter((one) => !taken.has(one.name) && one.at >= ended.at && one.at <= ended.at + 1)
      .map((one) => ({ ...one, ratio: ratioOf(one.share, ended.share) }))
      .filter(({ ratio }) => ratio <= MOST_TIMES_AS_OFTEN)
      .sort((left, right) => left.ratio - right.ratio)[0];
    if (heir === undefined) return [];
    taken.add(heir.name);
    const having = days.slice(heir.at);
    const records = sum(having.map(({ actions }) => actions.get(heir.name) ?? 0));
    const found = heir.name;
    return [{ kind: 'renamed_action_type', name, was: name, found, records, ...spanOf(having) }];
  });
}

interface Turn {
  readonly name: string;
  /** Index of the last day it was there, or of the first. */
  readonly at: number;
  /** The share of the records that had it while it was there. */
  readonly share: number;
}

/** When an action type ended; null when it goes on, or is so rare that its absence says nothing. */
function endOf(days: readonly Day[], name: string): Turn | null {
  const at = days.findLastIndex(({ actions }) => actions.has(name));
  const share = shareIn(days.slice(0, at + 1), name);
  return share * recordsIn(days.slice(at + 1)) < LEAST_RECORDS ? null : { name, at, share };
}

/** When it began; null when it was there from the start, or is too rare to tell. */
function beginningOf(days: readonly Day[], name: string): Turn | null {
  const at = days.findIndex(({ actions }) => actions.has(name));
  const share = shareIn(days.slice(at), name);
  return share * recordsIn(days.slice(0, at)) < LEAST_RECORDS ? null : { name, at, share };
}

function shareIn(days: readonly Day[], name: string): number {
  return sum(days.map(({ actions }) => actions.get(name) ?? 0)) / Math.max(1, recordsIn(days));
}

function ratioOf(left: number, right: number): number {
  return Math.max(left, right) / Math.min(left, right);
}

function fieldsOf(days: readonly Day[]): readonly string[] {
  return [...new Set(days.flatMap(({ fields }) => [...fields.keys()]))];
}

function recordsIn(days: readonly Day[]): number {
  return sum(days.map(({ records }) => records));
}

/** Days that are not empty. */
function spanOf(days: readonly Day[]): Pick<DriftFinding, 'first_day' | 'last_day'> {
  return { first_day: days[0]?.day ?? '', last_day: days.at(-1)?.day ?? '' };
}

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}
