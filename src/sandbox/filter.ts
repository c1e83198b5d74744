import { invalid } from './graph-error.ts';
import { parseJson } from './parameter.ts';

/** One condition of the `filtering` parameter. */
export interface Condition {
  readonly field: string;
  readonly operator: Operator;
  /** One value, or all of a list. */
  readonly values: readonly string[];
}

const OPERATORS = [
  'EQUAL',
  'NOT_EQUAL',
  'IN',
  'NOT_IN',
  'GREATER_THAN',
  'GREATER_THAN_OR_EQUAL',
  'LESS_THAN',
  'LESS_THAN_OR_EQUAL',
] as const;

/** The comparisons that the sandbox understands; Meta knows more. */
export type Operator = (typeof OPERATORS)[number];

/**
 * Reads `filtering=[{"field":…,"operator":…,"value":…}]`. Throws a `GraphError` (100) for anything
 * that is not such a list, an operator that is not known, or a field that is not in `fields`.
 */
export function parseFiltering(text: string, fields: ReadonlySet<string>): readonly Condition[] {
  const list = parseJson('filtering', text);
  if (!Array.isArray(list)) throw invalid('Param filtering must be an array.');
  return list.map((item, index) => conditionOf(item, { index, fields }));
}

/** True when a value meets a condition: texts compare as texts, sizes as numbers. */
export function meets(condition: Condition, value: string | number): boolean {
  const { operator, values } = condition;
  const text = String(value);
  if (operator === 'EQUAL' || operator === 'IN') return values.includes(text);
  if (operator === 'NOT_EQUAL' || operator === 'NOT_IN') return !values.includes(text);
  const limit = Number(values[0]);
  const number = Number(value);
  if (operator === 'GREATER_THAN') return number > limit;
  if (operator === 'GREATER_THAN_OR_EQUAL') return number >= limit;
  return operator === 'LESS_THAN' ? number < limit : number <= limit;
}

function conditionOf(
  item: unknown,
  at: { readonly index: number; readonly fields: ReadonlySet<string> },
): Condition {
  const where = `filtering[${at.index}]`;
  if (typeof item !== 'object' || item === null) throw invalid(`Param ${where} must be an object.`);
  const { field, operator, value } = item as Record<string, unknown>;
  if (typeof field !== 'string') throw invalid(`The parameter ${where}[field] is required.`);
  if (!isOperator(operator)) {
    throw invalid(`Param ${where}[operator] must be one of {${OPERATORS.join(', ')}}`);
  }
  if (!at.fields.has(field)) {
    throw invalid(
      `Filtering field '${field}' with operation '${operator.toLowerCase()}' is not supported`,
    );
  }
  return { field, operator, values: valuesOf(value, operator, where) };
}

function valuesOf(value: unknown, operator: Operator, where: string): readonly string[] {
  const isList = operator === 'IN' || operator === 'NOT_IN';
  if (isList !== Array.isArray(value) || value === undefined || value === null) {
    throw invalid(`Param ${where}[value] must be ${isList ? 'an array' : 'a single value'}.`);
  }
  return Array.isArray(value) ? value.map(String) : [String(value)];
}

function isOperator(value: unknown): value is Operator {
  return OPERATORS.some((operator) => operator === value);
}
