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
  'IN_RANGE',
  'NOT_IN_RANGE',
  'CONTAIN',
  'NOT_CONTAIN',
  'CONTAINS_ANY',
  'CONTAINS_ALL',
  'NOT_CONTAINS_ANY',
  'STARTS_WITH',
  'ENDS_WITH',
  'ANY',
  'ALL',
  'NONE',
  'AFTER',
  'BEFORE',
  'ON_OR_AFTER',
  'ON_OR_BEFORE',
] as const;
const LIST_OPERATORS: readonly string[] = [
  ...['IN', 'NOT_IN', 'IN_RANGE', 'NOT_IN_RANGE', 'ANY', 'ALL', 'NONE'],
  ...['CONTAINS_ANY', 'CONTAINS_ALL', 'NOT_CONTAINS_ANY'],
];

/** The comparisons that the sandbox understands; Meta knows STEM_MATCH and TOP too. */
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

/** True when a value meets a condition: texts compare as texts, sizes and times as numbers. */
export function meets(condition: Condition, value: string | number): boolean {
  const { values } = condition;
  const text = String(value);
  const number = Number(value);
  const [first = '', second = ''] = values;
  const inRange = number >= Number(first) && number <= Number(second);
  const contains = (part: string) => text.toLowerCase().includes(part.toLowerCase());
  const answers: Readonly<Record<Operator, () => boolean>> = {
    EQUAL: () => values.includes(text),
    IN: () => values.includes(text),
    ANY: () => values.includes(text),
    ALL: () => values.every((one) => one === text),
    NOT_EQUAL: () => !values.includes(text),
    NOT_IN: () => !values.includes(text),
    NONE: () => !values.includes(text),
    GREATER_THAN: () => number > Number(first),
    AFTER: () => number > Number(first),
    GREATER_THAN_OR_EQUAL: () => number >= Number(first),
    ON_OR_AFTER: () => number >= Number(first),
    LESS_THAN: () => number < Number(first),
    BEFORE: () => number < Number(first),
    LESS_THAN_OR_EQUAL: () => number <= Number(first),
    ON_OR_BEFORE: () => number <= Number(first),
    IN_RANGE: () => inRange,
    NOT_IN_RANGE: () => !inRange,
    CONTAIN: () => contains(first),
    NOT_CONTAIN: () => !contains(first),
    CONTAINS_ANY: () => values.some(contains),
    CONTAINS_ALL: () => values.every(contains),
    NOT_CONTAINS_ANY: () => !values.some(contains),
    STARTS_WITH: () => text.toLowerCase().startsWith(first.toLowerCase()),
    ENDS_WITH: () => text.toLowerCase().endsWith(first.toLowerCase()),
  };
  return answers[condition.operator]();
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
  const isList = LIST_OPERATORS.includes(operator);
  if (isList !== Array.isArray(value) || value === undefined || value === null) {
    throw invalid(`Param ${where}[value] must be ${isList ? 'an array' : 'a single value'}.`);
  }
  return Array.isArray(value) ? value.map(String) : [String(value)];
}

function isOperator(value: unknown): value is Operator {
  return OPERATORS.some((operator) => operator === value);
}
