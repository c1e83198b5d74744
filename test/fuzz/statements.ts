import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AdlakeError } from '../../src/errors.ts';
import { runQuery } from '../../src/query/query.ts';
import type { Lake } from '../../src/zone.ts';
import { type Draw, pick } from '../helpers/hostile-page.ts';
import { mutatedBytes } from './mutation.ts';
import { type Target, unexpected } from './target.ts';

/** Statements that nobody should be allowed, damaged: refused, or answered from curated alone. */
export const STATEMENTS: Target = { name: 'sql', batch: 4, feed: feedStatement };

const LAKE: Lake = { home: mkdtempSync(join(tmpdir(), 'adlake-fuzz-sql-')) };
const CANARY = 'canary-5c77';
for (const zone of ['raw', 'curated'])
  mkdirSync(join(LAKE.home, 'zones', zone), { recursive: true });
writeFileSync(join(LAKE.home, '.env'), `META_ACCESS_TOKEN=${CANARY}\n`);
writeFileSync(join(LAKE.home, 'zones', 'raw', 'x.csv'), `a\n${CANARY}\n`);
writeFileSync(join(LAKE.home, 'zones', 'curated', 'y.csv'), 'a\n1\n');
const BEFORE = everything();

const SECRET_FILE = join(LAKE.home, '.env');
const RAW_FILE = join(LAKE.home, 'zones', 'raw', 'x.csv');
const OUT = join(LAKE.home, 'out');
const CURATED = join(LAKE.home, 'zones', 'curated');

const CORPUS = [
  `select * from read_text('${SECRET_FILE}')`,
  `select * from read_csv('${RAW_FILE}', header = true)`,
  `select * from read_csv('${CURATED}/../raw/x.csv')`,
  `from '${RAW_FILE}'`,
  `select * from glob('${LAKE.home}/**')`,
  `copy (select 1) to '${OUT}'`,
  `copy (select 1) to '${CURATED}/new.csv'`,
  `attach '${OUT}.db' as other`,
  `install httpfs; load httpfs`,
  `set memory_limit = '100GB'`,
  `pragma database_list`,
  `select getenv('META_ACCESS_TOKEN')`,
  `create table t as select 1`,
  `export database '${OUT}'`,
  `explain analyze select * from range(10)`,
  `select * from range(100) as r(n) where n in (select n from range(10) as s(n))`,
  `with recursive t(n) as (select 1 union all select n + 1 from t where n < 50) select * from t`,
  `select * from y; drop table y`,
  `select * from query('select * from read_text(''${SECRET_FILE}'')')`,
  `pivot (select 1 as a, 2 as b) on a using sum(b)`,
  `select current_setting('allowed_directories'), * from duckdb_settings() limit 3`,
  `prepare p as select 1`,
  `call pragma_version()`,
  `select write_log('x')`,
];

const PIECES = [
  ' ',
  ';',
  '--',
  '/*',
  '*/',
  '(',
  ')',
  "'",
  '"',
  '$$',
  ' union all ',
  ' select ',
  ' from ',
  ' copy ',
];

async function feedStatement(draw: Draw): Promise<string | null> {
  const sql = statement(draw);
  try {
    const { text } = await runQuery(LAKE, sql, {
      format: 'csv',
      seconds: 3,
      memory: '256MB',
      maxRows: 50,
    });
    if (text.includes(CANARY) && !sql.includes(CANARY)) return `reads outside curated: ${sql}`;
  } catch (error) {
    const isRefusal = error instanceof AdlakeError && error.code === 'SQL_REFUSED';
    if (!isRefusal) return `${unexpected(error) ?? String(error)}: ${sql}`;
    if (`${error.message}`.includes(CANARY)) return `shows what it may not read: ${sql}`;
  }
  return everything() === BEFORE ? null : `changes files: ${sql}`;
}

function statement(draw: Draw): string {
  const first = pick(draw, CORPUS);
  const kind = draw(5);
  if (kind === 0) return first;
  if (kind === 1) return mutatedBytes(draw, Buffer.from(first)).toString('utf8');
  if (kind === 2) return `${first}${pick(draw, PIECES)}${pick(draw, CORPUS)}`;
  const words = [...first.split(/\b/), pick(draw, PIECES)];
  const at = draw(words.length);
  words.splice(
    at,
    draw(3),
    pick(draw, PIECES),
    ...pick(draw, CORPUS).split(/\b/).slice(0, draw(6)),
  );
  return words.join('');
}

function everything(): string {
  return readdirSync(LAKE.home, { recursive: true }).map(String).sort().join('\n');
}
