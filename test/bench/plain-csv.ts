import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

/** What DuckDB alone needs to read a folder of CSV files into a table: the floor of an import. */
const [folder = ''] = process.argv.slice(2);
const files = readdirSync(folder).map((name) => `'${join(folder, name)}'`);
const instance = await DuckDBInstance.create(':memory:');
const connection = await instance.connect();
await connection.run(`create table rows as select * from read_csv([${files.join(', ')}])`);
const answer = await connection.runAndReadAll('select count(*) from rows');
console.log(String(answer.getRows()[0]?.[0]));
