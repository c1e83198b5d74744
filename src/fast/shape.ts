/**
 * What a value must look like, as far as bytes can tell. `text` is any string, `day` a date,
 * `list` a list of entries with amounts (AdsActionStats), `array` any array.
 */
export type Form =
  | { readonly kind: 'text' }
  | { readonly kind: 'digits'; readonly most: number }
  | { readonly kind: 'decimal'; readonly most: number; readonly isSigned: boolean }
  | { readonly kind: 'capitals'; readonly count: number }
  | { readonly kind: 'day' }
  | { readonly kind: 'array' }
  | { readonly kind: 'list'; readonly entry: Shape };

/** The members of an object and which of them must be there. */
export interface Shape {
  readonly members: ReadonlyMap<string, Form>;
  readonly required: readonly string[];
  /** Members whose names are known by a pattern only (attribution windows), or null. */
  readonly named: { readonly pattern: RegExp; readonly form: Form } | null;
  /** Pairs of members that must be equal: the later one and what it must be equal to. */
  readonly equal: readonly (readonly [string, string])[];
}

type Schema = Readonly<Record<string, unknown>>;

/** Keywords that say nothing of a record. */
const NOTES: ReadonlySet<string> = new Set([
  '$schema',
  '$id',
  'title',
  'description',
  'x-sql',
  'x-note',
  'x-personal',
]);

/**
 * The shape of a record by its JSON Schema, or null when the schema says anything that is not known
 * here: then ajv alone can judge. A record of this shape keeps the schema; the reverse does not hold.
 */
export function shapeOf(schema: unknown): Shape | null {
  if (!isSchema(schema) || schema.type !== 'object') return null;
  if (!hasOnly(schema, ['type', 'required', 'properties', 'patternProperties'])) return null;
  const members = new Map<string, Form>();
  const equal: (readonly [string, string])[] = [];
  for (const [name, property] of Object.entries(
    isSchema(schema.properties) ? schema.properties : {},
  )) {
    const form = isSchema(property) ? formOf(property) : null;
    if (form === null || !PLAIN_NAME.test(name)) return null;
    members.set(name, form);
    const other = isSchema(property) ? equalTo(property) : null;
    if (other !== null) equal.push([name, other]);
  }
  const named = namedBy(schema.patternProperties);
  if (named === undefined) return null;
  if ([...members.keys()].some((name) => named?.pattern.test(name))) return null;
  return { members, required: (schema.required ?? []) as readonly string[], named, equal };
}

/** Names whose bytes are what they are in JSON text. */
const PLAIN_NAME = /^[A-Za-z0-9_]+$/;

function namedBy(patterns: unknown): Shape['named'] | undefined {
  if (patterns === undefined) return null;
  const [first, ...others] = isSchema(patterns) ? Object.entries(patterns) : [];
  if (first === undefined || others.length > 0) return undefined;
  const form = isSchema(first[1]) ? formOf(first[1]) : null;
  return form === null ? undefined : { pattern: new RegExp(first[0], 'u'), form };
}

function formOf(schema: Schema): Form | null {
  if (schema.type === 'array') return listOf(schema);
  if (schema.type !== 'string') return null;
  if (schema.format !== undefined) return dayOf(schema);
  if (!hasOnly(schema, ['type', 'pattern', 'maxLength'])) return null;
  const most = schema.maxLength ?? UNBOUNDED;
  if (typeof most !== 'number') return null;
  if (schema.pattern === undefined) return schema.maxLength === undefined ? { kind: 'text' } : null;
  return patternForm(String(schema.pattern), most);
}

/** Longer than any page. */
const UNBOUNDED = 2 ** 30;

function patternForm(pattern: string, most: number): Form | null {
  const ofDigits = /^\^\\d\{1,(\d+)\}\$$/.exec(pattern)?.[1];
  if (ofDigits !== undefined) return { kind: 'digits', most: Math.min(most, Number(ofDigits)) };
  const capitals = /^\^\[A-Z\]\{(\d+)\}\$$/.exec(pattern)?.[1];
  if (capitals !== undefined && most === UNBOUNDED) {
    return { kind: 'capitals', count: Number(capitals) };
  }
  if (pattern === '^\\d+$') return { kind: 'digits', most };
  if (pattern === '^\\d+(\\.\\d+)?$') return { kind: 'decimal', most, isSigned: false };
  if (pattern === '^-?\\d+(\\.\\d+)?$') return { kind: 'decimal', most, isSigned: true };
  return null;
}

function dayOf(schema: Schema): Form | null {
  const isDay = schema.format === 'date' && schema.pattern === '^\\d{4}-\\d{2}-\\d{2}$';
  const isKnown = hasOnly(schema, ['type', 'pattern', 'format', 'const']);
  const isEqual = schema.const === undefined || equalTo(schema) !== null;
  return isDay && isKnown && isEqual ? { kind: 'day' } : null;
}

/** The member beside it that a value must be equal to, or null. */
function equalTo(schema: Schema): string | null {
  if (!isSchema(schema.const) || !hasOnly(schema.const, ['$data'])) return null;
  return /^1\/([a-z_]+)$/.exec(String(schema.const.$data))?.[1] ?? null;
}

function listOf(schema: Schema): Form | null {
  if (!hasOnly(schema, ['type', 'items'])) return null;
  if (schema.items === undefined) return { kind: 'array' };
  const entry = shapeOf(schema.items);
  if (entry === null || entry.equal.length > 0) return null;
  const forms = [...entry.members.values(), entry.named?.form ?? { kind: 'text' }];
  const isFlat = forms.every(({ kind }) => kind !== 'list' && kind !== 'array' && kind !== 'day');
  return isFlat ? { kind: 'list', entry } : null;
}

function hasOnly(schema: Schema, known: readonly string[]): boolean {
  return Object.keys(schema).every((keyword) => NOTES.has(keyword) || known.includes(keyword));
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
