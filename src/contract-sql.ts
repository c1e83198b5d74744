import type { DuckDBConnection } from '@duckdb/node-api';
import { type Contract, contractAt } from './contract.ts';
import { quoteName, quoteText, rowsOf } from './duckdb.ts';
import { AdlakeError } from './errors.ts';

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
    return makeRule(quoteName(column), value).map((rule) => ({ column, ...rule }));
  });
}

type Rule = Omit<ColumnRule, 'column'>;

const RULES: Readonly<Record<string, (name: string, value: unknown) => readonly Rule[]>> = {
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
  pattern: (name, value) => [
    {
      expected: `text like ${String(value)}`,
      condition: `regexp_matches(cast(${name} as varchar), ${quoteText(String(value))})`,
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
