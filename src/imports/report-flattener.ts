import type { Contract } from '../contract.ts';
import { formatCell } from '../csv.ts';
import type { FlatRow, LineFlattener, RawLine } from '../staging/record.ts';
import { flattenReport } from './report.ts';
import { mayBeNull, notNull, type Rule, ruleOf } from './sure.ts';

/** A column of staging, as it gets its text. */
interface Column {
  readonly name: string;
  readonly isSure: Rule;
  /** Place in the staging key, or -1. */
  readonly keyAt: number;
}

/**
 * Flattens rows of exports to lines of staging in one go: the same as the plain way, without a check
 * by the contract for rows whose every value is seen to keep its rule. Null for any other row.
 */
export function reportFlattenerFor(
  platform: string,
  staging: Contract,
  stagingKey: readonly string[],
): LineFlattener {
  const columns = staging.columns.map((name): Column => {
    const isSure = ruleOf(notNull(staging.properties[name] ?? {}));
    return { name, isSure, keyAt: stagingKey.indexOf(name) };
  });
  const optional = new Set(
    staging.columns.filter((name) => mayBeNull(staging.properties[name] ?? {})),
  );
  return {
    flatten: (line) => flatten(line, { platform, columns, optional, keys: stagingKey.length }),
  };
}

interface Form {
  readonly platform: string;
  readonly columns: readonly Column[];
  readonly optional: ReadonlySet<string>;
  readonly keys: number;
}

function flatten(line: RawLine, form: Form): FlatRow | null {
  const text = line.bytes.toString('utf8', line.from, line.to);
  const { lineage, accountId } = line;
  const record = JSON.parse(text) as Readonly<Record<string, unknown>>;
  const row = flattenReport({ record, text, lineage, accountId }, form);
  const key: (string | null)[] = new Array(form.keys).fill(null);
  let out = '';
  for (const { name, isSure, keyAt } of form.columns) {
    const value = row[name] ?? null;
    if (value === null ? !form.optional.has(name) : !isSure(value)) return null;
    if (keyAt !== -1) key[keyAt] = value as string | null;
    if (value === null) out += ',';
    else out += `${formatCell(value)},`;
  }
  return { key, line: out.slice(0, -1), isDisagreeing: false };
}
