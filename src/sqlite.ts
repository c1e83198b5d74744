import Database from 'better-sqlite3';

/**
 * A SQLite connection. Its statements are prepared once and kept: from Node 24.19 on, better-sqlite3 12
 * aborts the process when one of its objects is garbage collected, so none ever is.
 */
export interface Sqlite {
  /** The prepared statement for this text. Give each text one fixed spelling. */
  prepare<Parameters extends unknown[], Row = unknown>(
    sql: string,
  ): Database.Statement<Parameters, Row>;
  /** Runs statements that give nothing back. */
  exec(sql: string): void;
  /** Runs `work` in one transaction: all of it, or, when it throws, none. */
  transaction<Result>(work: () => Result): Result;
  close(): void;
}

const kept: object[] = [];

/** Opens a database file, or `:memory:`. Throws what better-sqlite3 throws. */
export function openSqlite(path: string): Sqlite {
  const db = new Database(path);
  const statements = new Map<string, Database.Statement>();
  kept.push(db, statements);
  return {
    prepare: <Parameters extends unknown[], Row>(sql: string) => {
      const statement = statements.get(sql) ?? db.prepare(sql);
      statements.set(sql, statement);
      return statement as Database.Statement<Parameters, Row>;
    },
    exec: (sql) => {
      db.exec(sql);
    },
    transaction: (work) => db.transaction(work)(),
    close: () => {
      db.close();
    },
  };
}

/** Whether an error is SQLite's own (a file that is no database, say), and not one of loading it. */
export function isSqliteError(error: unknown): boolean {
  return error instanceof Database.SqliteError;
}
