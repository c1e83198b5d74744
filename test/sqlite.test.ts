import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { isSqliteError, openSqlite } from '../src/sqlite.ts';

const module = fileURLToPath(new URL('../src/sqlite.ts', import.meta.url));

describe('SQLite', () => {
  it('survives the garbage collector: a process that used it ends in good order', () => {
    const script = `
      import { openSqlite } from ${JSON.stringify(module)};
      for (let round = 0; round < 20; round++) {
        const db = openSqlite(':memory:');
        db.exec('create table t (a)');
        db.transaction(() => db.prepare('insert into t values (?)').run(round));
        for (let time = 0; time < 50; time++) db.prepare('select * from t').all();
        if (round % 2 === 0) db.close();
        await new Promise((resolve) => setImmediate(resolve));
        globalThis.gc();
      }
      console.log('alive');`;
    const nodeArguments = ['--expose-gc', '--import', 'tsx', '--input-type=module', '-e', script];
    const told = execFileSync(process.execPath, nodeArguments, {
      cwd: fileURLToPath(new URL('..', import.meta.url)),
      encoding: 'utf8',
    });
    expect(told).toBe('alive\n');
  });

  it('does all of a transaction or none of it', () => {
    const db = openSqlite(':memory:');
    db.exec('create table t (a)');
    const failing = (): void => {
      db.prepare('insert into t values (1)').run();
      throw new Error('half way');
    };
    expect(() => db.transaction(failing)).toThrow('half way');
    expect(db.prepare('select count(*) as n from t').get()).toEqual({ n: 0 });
    db.close();
  });

  it('knows its own errors', () => {
    const db = openSqlite(':memory:');
    let thrown: unknown;
    try {
      db.exec('select * from nowhere');
    } catch (error) {
      thrown = error;
    }
    expect(isSqliteError(thrown)).toBe(true);
    expect(isSqliteError(new Error('of the loader'))).toBe(false);
    db.close();
  });
});
