import { openSqlite, type Sqlite } from '../sqlite.ts';

/** Bumped whenever the tables or what is put in them change: an older file is rebuilt. */
const VERSION = 1;

const TABLES = `
  create table if not exists cache_state (account_id text primary key, built_at text not null);
  create table if not exists applied_batch (
    account_id text not null, dataset text not null, batch_id text not null, place integer not null,
    primary key (account_id, dataset, batch_id));
  create table if not exists campaign (
    account_id text not null, campaign_id text not null, campaign_name text,
    effective_status text, stop_time text, created text, first_seen text not null,
    primary key (account_id, campaign_id));
  create table if not exists delivery_day (
    account_id text not null, day text not null, campaign_id text not null,
    primary key (account_id, day, campaign_id)) without rowid;
  create table if not exists campaign_activity (
    account_id text not null, campaign_id text not null, campaign_name text,
    effective_status text, stop_time text, state text not null, since text not null,
    why text not null, last_delivery text, inactive_days integer not null, last_asked text,
    as_of text not null, primary key (account_id, campaign_id));
  create table if not exists activity_history (
    account_id text not null, campaign_id text not null, day text not null, state text not null,
    why text not null, primary key (account_id, campaign_id, day, state));
`;

/** Every table; each has an `account_id`. */
export const ACCOUNT_TABLES: readonly string[] = [
  'cache_state',
  'applied_batch',
  'campaign',
  'delivery_day',
  'campaign_activity',
  'activity_history',
];

/**
 * Opens the database at `path` (or `:memory:`) with the tables of this version in it; tables of another
 * version are dropped. Throws what SQLite throws when the file is no database.
 */
export function openTables(path: string): Sqlite {
  const db = openSqlite(path);
  try {
    const found = db.prepare<[], { user_version: number }>('pragma user_version').get();
    if (found?.user_version !== VERSION) dropAll(db);
    db.exec(`pragma user_version = ${VERSION}`);
    db.exec(TABLES);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function dropAll(db: Sqlite): void {
  for (const table of ACCOUNT_TABLES) db.exec(`drop table if exists ${table}`);
}
