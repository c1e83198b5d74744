import type { DuckDBConnection } from '@duckdb/node-api';
import { type Contract, contractAt } from '../contract.ts';
import { AdlakeError } from '../errors.ts';
import { quoteName, quoteText, rowsOf } from './duckdb.ts';

/** What a contract says of one column, as a condition that the engine can check on every row. */
export interface ColumnRule {
  readonly column: string;
  /** What is expected, in words. */
  readonly expected: string;
  /** A SQL condition that holds for every row that keeps the contract; NULL counts as holding. */
  readonly condition: string;
}

/** How many rows break a rule. */
export interface BrokenRule {
  readonly rule: ColumnRule;
  readonly rows: number;
}

/**
 * The rules of a flat contract, column by column. It judges the same rows good as the JSON Schema
 * does of their JSON form; the engine can do that for a million rows in one pass. Throws
 * `CONTRACT_INVALID` for a keyword that has no rule here, so that nothing goes unjudged.
 */
export function rulesOf(schema: string): readonly ColumnRule[] {
  const contract = contractAt(schema);
  return contract.columns.flatMap((column) => rulesOfColumn(contract, column));
}

/** The rules that rows of the table break. Reads the table once. */
export async function brokenRules(
  connection: DuckDBConnection,
  of: { readonly table: string; readonly schema: string },
): Promise<readonly BrokenRule[]> {
  const rules = rulesOf(of.schema);
  const counts = rules.map(
    (rule, index) => `count(case when not (${rule.condition}) then 1 end) as rule_${index}`,
  );
  const [row] = await rowsOf(connection, `select ${counts.join(', ')} from ${of.table}`);
  return rules
    .map((rule, index) => ({ rule, rows: Number(row?.[`rule_${index}`] ?? 0) }))
    .filter((broken) => broken.rows > 0);
}

type Property = Readonly<Record<string, unknown>>;

function rulesOfColumn(contract: Contract, column: string): readonly ColumnRule[] {
  const property = contract.properties[column] as Property;
  return Object.entries(property).flatMap(([keyword, value]) => {
    const makeRule = RULES[keyword];
    if (makeRule === undefined) throw unknownKeyword(contract, { column, keyword });
    return makeRule(quoteName(column), value, property).map((rule) => ({ column, ...rule }));
  });
}

type Rule = Omit<ColumnRule, 'column'>;

type MakeRule = (name: string, value: unknown, property: Property) => readonly Rule[];

const RULES: Readonly<Record<string, MakeRule>> = {
  description: () => [],
  format: () => [],
  'x-sql': (name, value) =>
    value === 'DOUBLE' ? [{ expected: 'a finite number', condition: `isfinite(${name})` }] : [],
  type: (name, value) =>
    [value].flat().includes('null')
      ? []
      : [{ expected: 'a value', condition: `${name} is not null` }],
  minimum: (name, value) => [
    { expected: `at least ${String(value)}`, condition: `${name} >= ${Number(value)}` },
  ],
  maximum: (name, value) => [
    { expected: `at most ${String(value)}`, condition: `${name} <= ${Number(value)}` },
  ],
  pattern: (name, value, property) => [
    {
      expected: `text like ${String(value)}`,
      condition: ruleOfPattern(name, String(value), String(property['x-sql'])),
    },
  ],
  enum: (name, value) => {
    const allowed = [value].flat().filter((item) => item !== null);
    const literals = allowed.map((item) => quoteText(String(item))).join(', ');
    return [
      {
        expected: `one of ${allowed.join(', ')}`,
        condition: `cast(${name} as varchar) in (${literals})`,
      },
    ];
  },
};

/** The condition that a column of a type has text that matches the pattern. `name` is quoted. */
export function ruleOfPattern(name: string, pattern: string, type: string): string {
  return (
    rangeLike(name, pattern, type) ??
    `regexp_matches(cast(${name} as varchar), ${quoteText(pattern)})`
  );
}

/**
 * A condition on the value that holds for the same values of a type as a pattern on its text, where such
 * a one is known: text of every date or decimal would be made and looked through otherwise, which takes
 * longer than all other rules together. Null: none is known.
 */
function rangeLike(name: string, pattern: string, type: string): string | null {
  if (type === 'DATE' && pattern === DATE_PATTERN) {
    return `${name} between date '0001-01-01' and date '9999-12-31'`;
  }
  const [, precision, scale] = /^DECIMAL\((\d+),\s*(\d+)\)$/.exec(type) ?? [];
  const [, sign, digits, places] = DECIMAL_PATTERN.exec(pattern) ?? [];
  if (precision === undefined || digits === undefined || Number(scale) > Number(places))
    return null;
  const isShort = Number(precision) - Number(scale) <= Number(digits);
  const size = isShort ? 'true' : `abs(${name}) < 1e${digits}`;
  return sign === '-?' ? size : `(${name} >= 0 and ${size})`;
}

const DATE_PATTERN = '^\\d{4}-\\d{2}-\\d{2}$';
/** `^`, perhaps a minus, up to so many digits, perhaps up to so many places, `$`. */
const DECIMAL_PATTERN = /^\^(-\?)?\\d\{1,(\d+)\}\(\\\.\\d\{1,(\d+)\}\)\?\$$/;

function unknownKeyword(
  contract: Contract,
  at: { readonly column: string; readonly keyword: string },
): AdlakeError {
  return new AdlakeError({
    code: 'CONTRACT_INVALID',
    message: `schemas/${contract.path} says "${at.keyword}" of ${at.column}, which the engine cannot check.`,
    remedy: `Use only these keywords in curated contracts: ${Object.keys(RULES).join(', ')}.`,
  });
}
