import type { Contract } from '../contract.ts';
import type { Dataset } from '../dataset.ts';
import { readRecords } from '../landing/page.ts';

/**
 * What a value is: its JSON kind. `other text` is text that does not have the form the contract wants
 * (letters where digits were).
 */
export type Kind = 'text' | 'other text' | 'number' | 'boolean' | 'list' | 'object' | 'null';

/** What the records of one account had that were asked for on one day. */
export interface DayShape {
  records: number;
  /** Field, then kind of its value, to the number of records that had it so. */
  readonly fields: Map<string, Map<Kind, number>>;
  /** Action type to the number of records that name it. */
  readonly actions: Map<string, number>;
}

/** The shape of nothing. */
export function emptyShape(): DayShape {
  return { records: 0, fields: new Map(), actions: new Map() };
}

/**
 * Adds the records of one page to a shape. A page that cannot be read has no records: it is in
 * quarantine, and no drift.
 */
export function addPage(to: DayShape, bytes: Uint8Array, by: ShapeInput): void {
  for (const record of recordsIn(bytes, by.dataset)) addRecord(to, record, by.forms);
}

/** How pages are read: whose they are, and the forms that text must have, by field. */
export interface ShapeInput {
  readonly dataset: Dataset;
  readonly forms: ReadonlyMap<string, RegExp>;
}

/** The forms that a contract wants of text, by field. */
export function formsOf(contract: Contract): ReadonlyMap<string, RegExp> {
  const forms = new Map<string, RegExp>();
  for (const [name, property] of Object.entries(contract.properties)) {
    const { pattern } = property as { readonly pattern?: string };
    if (pattern !== undefined) forms.set(name, new RegExp(pattern, 'u'));
  }
  return forms;
}

type JsonObject = Readonly<Record<string, unknown>>;

/** Most pages are answers with a list, which is parsed at once; all others go the way that raw goes. */
function recordsIn(bytes: Uint8Array, dataset: Dataset): readonly JsonObject[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  const data = dataOf(text);
  if (data !== null && !data.some(mayNest)) return data.filter(isObject);
  const content = readRecords(dataset, bytes);
  if (!content.ok) return [];
  return content.records.map((record) => JSON.parse(record) as unknown).filter(isObject);
}

function dataOf(text: string): readonly unknown[] | null {
  try {
    const page: unknown = JSON.parse(text);
    return isObject(page) && Array.isArray(page.data) && !('start_time' in page) ? page.data : null;
  } catch {
    return null;
  }
}

/** An object with insights in it, whose records they are. */
function mayNest(record: unknown): boolean {
  return isObject(record) && 'insights' in record;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function addRecord(to: DayShape, record: JsonObject, forms: ShapeInput['forms']): void {
  to.records++;
  const types = new Set<string>();
  for (const [name, value] of Object.entries(record)) {
    const kinds = to.fields.get(name) ?? new Map<Kind, number>();
    const kind = kindOf(value, forms.get(name));
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    to.fields.set(name, kinds);
    if (Array.isArray(value)) noteActions(value, types);
  }
  for (const type of types) to.actions.set(type, (to.actions.get(type) ?? 0) + 1);
}

function noteActions(list: readonly unknown[], types: Set<string>): void {
  for (const entry of list) {
    const type = isObject(entry) ? entry.action_type : undefined;
    if (typeof type === 'string') types.add(type);
  }
}

function kindOf(value: unknown, form: RegExp | undefined): Kind {
  if (typeof value === 'string') return form?.test(value) === false ? 'other text' : 'text';
  if (typeof value === 'number') return 'number';
  if (typeof value === 'boolean') return 'boolean';
  if (value === null) return 'null';
  return Array.isArray(value) ? 'list' : 'object';
}
