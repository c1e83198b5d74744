import { contractAt } from '../contract.ts';
import { DUCKDB_VERSION } from '../duckdb/duckdb.ts';
import { hashOf } from '../file.ts';
import { modelSql, sqlName, type TableName, tablesIn, withAncestors } from '../model.ts';
import type { FilesOf } from '../staging/file.ts';

/** Raise it when the same SQL and staging would give other tables or files. */
export const CURATED_VERSION = 2;

/**
 * The content hash of a table: of its SQL, its contract, the engine and everything it is built on,
 * down to the bytes of staging files. `filesOf` lists those. Never depends on times or places.
 */
export function fingerprintOf(table: TableName, filesOf: FilesOf): string {
  const parts = withAncestors(table).map((each) => [sqlName(each), contentOf(each, filesOf)]);
  return hashOf(Buffer.from(JSON.stringify([CURATED_VERSION, DUCKDB_VERSION, parts])));
}

function contentOf(table: TableName, filesOf: FilesOf): unknown {
  const schema = `${table.layer}/${table.name}.schema.json`;
  if (table.layer === 'staging') {
    return [contractAt(schema).sha256, filesOf.print(table.name)];
  }
  const contract = table.layer === 'curated' ? contractAt(schema).sha256 : null;
  return [contract, modelSql(table), tablesIn(modelSql(table))];
}
