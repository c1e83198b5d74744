import type { ColumnSchema, Contract } from '../contract.ts';
import { isDay } from '../window.ts';

type Values = Readonly<Record<string, unknown>>;

/** Says of a value that it keeps the rule of its property; what it cannot tell is false. */
export type Rule = (value: unknown) => boolean;

const compiled = new WeakMap<Contract, (record: Values) => boolean>();

/** Says of a record that it keeps the contract; what it cannot tell is false. */
export function sureBy(contract: Contract): (record: Values) => boolean {
  const known = compiled.get(contract);
  if (known !== undefined) return known;
  const rules = new Map(
    Object.entries(contract.properties).map(([name, property]) => [name, ruleOf(property)]),
  );
  const { required = [], ...rest } = contract.schema as { readonly required?: readonly string[] };
  const isPlain = Object.keys(rest).every((keyword) => PLAIN_KEYWORDS.has(keyword));
  const isSure = (record: Values): boolean => {
    if (!isPlain) return false;
    for (const name of required) if (record[name] === undefined) return false;
    for (const name in record) {
      const value = record[name];
      if (value !== undefined && rules.get(name)?.(value) !== true) return false;
    }
    return true;
  };
  compiled.set(contract, isSure);
  return isSure;
}

/** Keywords of a contract beside its required fields that say nothing more than its properties do. */
const PLAIN_KEYWORDS = new Set(['$schema', '$id', 'title', 'description', 'type', 'properties']);

const KNOWN = new Set(['description', 'type', 'pattern', 'enum', 'minLength', 'format']);

/** A property's rule; one with a keyword that is not known here is never sure. */
export function ruleOf(property: ColumnSchema): Rule {
  const {
    type,
    pattern,
    enum: among,
    minLength,
    format,
    ...rest
  } = property as {
    readonly [keyword: string]: unknown;
  };
  if (type === 'object') return isTexts;
  const isKnown = Object.keys(rest).every((keyword) => KNOWN.has(keyword));
  if (type !== 'string' || !isKnown || (format !== undefined && format !== 'date'))
    return () => false;
  const form = typeof pattern === 'string' ? new RegExp(pattern, 'u') : null;
  const least = typeof minLength === 'number' ? minLength : 0;
  const days = format === 'date' ? new Set<string>() : null;
  return (value) =>
    typeof value === 'string' &&
    value.length >= least &&
    (form === null || form.test(value)) &&
    (!Array.isArray(among) || among.includes(value)) &&
    (days === null || isDayIn(days, value));
}

/** Days are few and rows many: those that were found to be days are remembered. */
function isDayIn(days: Set<string>, value: string): boolean {
  if (days.has(value)) return true;
  if (!isDay(value)) return false;
  days.add(value);
  return true;
}

function isTexts(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((one) => typeof one === 'string')
  );
}

type Property = Readonly<Record<string, unknown>>;

/** True for a property that may be NULL. */
export function mayBeNull(property: object): boolean {
  return [(property as Property).type].flat().includes('null');
}

/** True for a property that any text keeps. */
export function isAnyText(property: object): boolean {
  return Object.keys(property).every((keyword) => SAYS_NOTHING.has(keyword));
}

const SAYS_NOTHING = new Set(['description', 'type', 'x-sql']);

/** The rule of a property for values that are there. */
export function notNull(property: object): object {
  const { type, 'x-sql': _sql, ...rest } = property as Property;
  return { ...rest, type: [type].flat().find((one) => one !== 'null') };
}
