/**
 * The engine's code, for `duckdb.ts` to load when an engine is opened. Names are passed on here because
 * a package in CommonJS, once bundled, has none when it is imported as a whole.
 */
export { DuckDBInstance, DuckDBTimestampTZValue } from '@duckdb/node-api';
