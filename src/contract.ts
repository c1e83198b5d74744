import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { CHECKOUT } from './checkout.ts';
import { AdlakeError } from './errors.ts';
import { hashOf } from './file.ts';
import { withSharedParts } from './shared-parts.ts';

/** Why a contract refused a record. */
export interface Violation {
  /** JSON pointer to the offending place; empty for the record itself. */
  readonly pointer: string;
  /** What was expected, in words. */
  readonly reason: string;
}

/** A compiled JSON Schema: judges records, and never changes them. */
export interface Contract {
  /** Where the schema lies, relative to `schemas/`. */
  readonly path: string;
  /** SHA-256 of the schema file: part of every fingerprint that depends on it. */
  readonly sha256: string;
  /** Property names in schema order: the column order of CSV files. */
  readonly columns: readonly string[];
  /** The schema's properties by name. */
  readonly properties: Readonly<Record<string, ColumnSchema>>;
  /** The JSON Schema itself. */
  readonly schema: unknown;
  /** Every violation of the record; none means that it keeps the contract. */
  check(record: unknown): readonly Violation[];
}

/** What adlake reads from a property of a staging or curated schema. */
export interface ColumnSchema {
  /** DuckDB type of the column. */
  readonly 'x-sql'?: string;
  readonly description?: string;
}

const SCHEMAS = join(CHECKOUT, 'schemas');
const compiled = new Map<string, Contract>();

/**
 * The contract at `schemas/<path>`, read once per process: no coercion, no defaults, no removal. It is
 * compiled when the first record is checked, since most commands check none. Throws `CONTRACT_INVALID`
 * when the file is missing or is no JSON; `check` throws it when the JSON is no schema.
 */
export function contractAt(path: string): Contract {
  const known = compiled.get(path);
  if (known !== undefined) return known;
  const contract = read(path);
  compiled.set(path, contract);
  return contract;
}

function read(path: string): Contract {
  const { bytes, schema } = usable(path, () => readSchema(path));
  const properties = schema.properties ?? {};
  let validate: ValidateFunction | null = null;
  return {
    path,
    sha256: hashOf(bytes),
    columns: Object.keys(properties),
    properties,
    schema,
    check: (record) => {
      validate ??= usable(path, () => compile(schema));
      return validate(record) ? [] : violationsOf(validate);
    },
  };
}

/**
 * A schema and the bytes it is made of. One that is only a `$ref` to a neighbour (datasets that share
 * their columns) has all that the neighbour says, under its own title and description.
 */
function readSchema(path: string): { readonly bytes: Buffer; readonly schema: Schema } {
  const bytes = readFileSync(join(SCHEMAS, path));
  const { $ref, ...own } = JSON.parse(bytes.toString('utf8')) as Schema;
  if ($ref === undefined) return { bytes, schema: own };
  const shared = readSchema(join(dirname(path), $ref));
  return { bytes: Buffer.concat([bytes, shared.bytes]), schema: { ...shared.schema, ...own } };
}

interface Schema {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, ColumnSchema>>;
}

function usable<T>(path: string, make: () => T): T {
  try {
    return make();
  } catch (cause) {
    throw new AdlakeError({
      code: 'CONTRACT_INVALID',
      message: `The contract schemas/${path} cannot be used: ${String(cause)}`,
      remedy: 'Restore the file from the repository, or mend the JSON Schema in it.',
      cause,
    });
  }
}

let engine: Ajv2020 | null = null;

/**
 * One engine for all contracts. That they are JSON Schemas by the meta-schema is a test: compiling
 * that one takes longer than most contracts. A keyword or format it does not know is refused here.
 * Tidying up the code it generates would take as long again, and make a check faster by a seventh.
 */
function compile(schema: Schema): ValidateFunction {
  engine ??= makeEngine();
  return engine.compile(withSharedParts({ ...schema }));
}

function makeEngine(): Ajv2020 {
  const ajv = new Ajv2020({
    ...STRICT,
    validateSchema: false,
    inlineRefs: false,
    code: { optimize: false },
  });
  formats.default(ajv);
  ajv.addVocabulary(['x-sql', 'x-note', 'x-personal']);
  return ajv;
}

const STRICT = { allErrors: true, strict: true, allowUnionTypes: true, $data: true } as const;

function violationsOf(validate: ValidateFunction): readonly Violation[] {
  return (validate.errors ?? []).map(toViolation);
}

function toViolation(error: ErrorObject): Violation {
  const missing = (error.params as { missingProperty?: string }).missingProperty;
  const extra = (error.params as { additionalProperty?: string }).additionalProperty;
  const pointer = [error.instancePath, ...[missing ?? extra ?? []].flat().map(escapePointer)];
  return { pointer: pointer.join('/'), reason: reasonOf(error) };
}

function reasonOf(error: ErrorObject): string {
  const { pattern } = error.params as { pattern?: string };
  const meaning = pattern === undefined ? undefined : MEANINGS[pattern];
  return meaning === undefined ? (error.message ?? error.keyword) : `must be ${meaning}`;
}

/** What the patterns of the schemas ask for, in words. */
const MEANINGS: Readonly<Record<string, string>> = {
  '^\\d+(\\.\\d+)?$': 'a number with a point before its decimals and no sign, like 12.30',
  '^-?\\d+(\\.\\d+)?$': 'a number with a point before its decimals, like -12.30',
  '^\\d+$': 'a whole number without a sign, like 1230',
  '^-?\\d+$': 'a whole number, like -1230',
  '^\\d{1,32}$': 'an id: text of up to 32 digits',
  '^(act_)?\\d{1,32}$': 'an account id: up to 32 digits, with or without act_',
  '^[A-Z]{3}$': 'a currency code of three capitals, like EUR',
  '^\\d{4}-\\d{2}-\\d{2}$': 'a day like 2026-10-31',
};

function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
