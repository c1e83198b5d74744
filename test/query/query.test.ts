import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runQuery } from '../../src/query/query.ts';
import type { Lake } from '../../src/zone.ts';
import { curator, putStaging, quiet } from '../helpers/curated-lake.ts';
import { keptLake } from '../helpers/lake.ts';

const kept = keptLake();
/** A folder with everything in its name that a path can hold and SQL or a pattern would mistake. */
const lake: Lake = { home: join(kept.home, `it's [a] "b" *c? {d}`) };
const outside = join(kept.home, 'secret.csv');
const ID = '120210000000000017';

beforeAll(async () => {
  writeFileSync(outside, 'secret\n1\n');
  putStaging(lake, {
    'insights_campaign_day/1/2026-01': [
      quiet({ date: '2026-01-01', campaign_id: ID, spend: '10.100000', clicks: 3 }),
      quiet({ date: '2026-01-02', campaign_id: ID, spend: '0.000001' }),
    ],
    'campaigns/1/all': [
      { account_id: '1', campaign_id: ID, campaign_name: '=1+1|\n"x", \u001b[31mred' },
    ],
  });
  await curator(lake)();
});

const ask = async (sql: string) => (await runQuery(lake, sql, { format: 'json' })).text;
const quoted = (path: string) => `'${path.replaceAll("'", "''")}'`;

describe('adlake sql', () => {
  it('answers over every curated table by its name', async () => {
    const text = await ask('select campaign_id, sum(spend) as spend from campaign_day group by 1');
    expect(JSON.parse(text)).toEqual([{ campaign_id: ID, spend: '10.100001' }]);
    expect(await ask('show tables')).toContain('metaads_campaigns_performance_log');
  });

  it.each([
    'with a as (select 1 as b) select b from a',
    'values (1)',
    'from campaigns',
    'describe campaign_day',
    'summarize campaigns',
    'explain select 1',
    'explain analyze select * from campaigns',
    '-- a comment\n/* and another */ select 1 as query;',
  ])('takes a statement that reads: %s', async (sql) => {
    expect((await ask(sql)).length).toBeGreaterThan(2);
  });

  it.each([
    ['two statements', 'select 1; select 2'],
    ['no statement', '  -- nothing\n ; '],
    ['a copy', `copy (select 1) to ${quoted(join(kept.home, 'out.csv'))}`],
    [
      'a copy into the curated zone',
      `copy (select 1) to ${quoted(join(lake.home, 'zones/curated/x.csv'))}`,
    ],
    [
      'an explained copy',
      `explain analyze copy (select 1) to ${quoted(join(lake.home, 'zones/curated/x.csv'))}`,
    ],
    ['an export', `export database ${quoted(join(kept.home, 'out'))}`],
    [
      'an export into the curated zone',
      `export database ${quoted(join(lake.home, 'zones/curated/x'))}`,
    ],
    [
      'an explained export',
      `explain export database ${quoted(join(lake.home, 'zones/curated/x'))}`,
    ],
    [
      'an export behind a comment in a comment',
      `/* /* */ select */ export database ${quoted(join(lake.home, 'zones/curated/x'))}`,
    ],
    ['attaching', `attach ${quoted(join(kept.home, 'x.duckdb'))}`],
    ['an extension', 'install httpfs'],
    ['loading', 'load icu'],
    ['a setting', 'set threads = 1'],
    ['opening the lock', 'set enable_external_access = true'],
    ['a reset', 'reset threads'],
    ['a pragma', 'pragma threads = 1'],
    ['detaching', 'detach memory'],
    ['another catalogue', 'use system'],
    ['a statement that is kept', 'prepare x as select 1'],
    ['a copy from a file', `copy campaigns from ${quoted(join(kept.home, 'secret.csv'))}`],
    ['a table', 'create table x as select 1'],
    ['a view', 'create or replace view campaigns as select 1'],
    ['a macro', 'create macro x() as 1'],
    ['an insert', 'insert into campaigns select * from campaigns'],
    ['a drop', 'drop view campaigns'],
    ['a call', 'call pragma_version()'],
    ['a checkpoint', 'select * from force_checkpoint()'],
    ['a placeholder', 'select ?'],
    ['an environment variable', "select getenv('HOME')"],
    [
      'a profile in a file',
      `select * from enable_profiling(format = 'json', save_location = ${quoted(join(lake.home, 'zones/curated/p.json'))})`,
    ],
    [
      'a log in a file',
      `select * from "enable_logging" /* x */ (storage = 'file', storage_path = ${quoted(join(lake.home, 'zones/curated/logs'))})`,
    ],
    ['SQL in text', "select * from query('select 1')"],
    ['SQL in JSON', "select * from json_execute_serialized_sql(json_serialize_sql('select 1'))"],
    ['what is no SQL', 'selec 1'],
    ['an unknown column', 'select nonsense from campaigns'],
  ])('refuses %s', async (_, sql) => {
    const before = readdirSync(join(lake.home, 'zones', 'curated'));
    await expect(ask(sql)).rejects.toMatchObject({
      code: 'SQL_REFUSED',
      exitCode: 78,
      remedy: expect.stringMatching(/\w/),
    });
    expect(readdirSync(join(lake.home, 'zones', 'curated'))).toEqual(before);
    for (const name of ['out', 'out.csv']) expect(existsSync(join(kept.home, name))).toBe(false);
  });

  it.each([
    (path: string) => `select * from read_csv(${path})`,
    (path: string) => `select * from read_text(${path})`,
    (path: string) => `select * from read_blob(${path})`,
    (path: string) => `select * from read_json(${path})`,
    (path: string) => `select * from read_parquet(${path})`,
    (path: string) => `select * from parquet_metadata(${path})`,
    (path: string) => `select * from sniff_csv(${path})`,
    (path: string) => `select * from glob(${path})`,
    (path: string) => `select * from ${path}`,
    (path: string) => `select * from read_duckdb(${path})`,
  ])('reads no file outside the curated zone: %s', async (sql) => {
    const around = join(lake.home, 'zones/curated/../../../secret.csv');
    const addresses = ['https://example.invalid/x.csv', 's3://example/x.csv'];
    for (const path of [outside, '/etc/passwd', around, ...addresses]) {
      await expect(ask(sql(quoted(path))), path).rejects.toMatchObject({ code: 'SQL_REFUSED' });
    }
  });

  it('runs in an engine whose settings are locked', async () => {
    const names = "'lock_configuration', 'enable_external_access', 'autoload_known_extensions'";
    const text = await ask(`select name, value from duckdb_settings() where name in (${names})`);
    const found = JSON.parse(text) as readonly { readonly name: string; readonly value: string }[];
    expect(Object.fromEntries(found.map(({ name, value }) => [name, value]))).toEqual({
      autoload_known_extensions: 'false',
      enable_external_access: 'false',
      lock_configuration: 'true',
    });
    const memory = "select current_setting('memory_limit') as memory";
    const options = { format: 'csv', memory: '100MB' } as const;
    expect((await runQuery(lake, memory, options)).text).toBe('memory\n95.3 MiB\n');
  });

  it('reads the CSV files of the curated zone', async () => {
    const folder = join(kept.home, 'plain');
    mkdirSync(folder);
    await curator({ home: folder })({ tables: ['metaads_campaigns_daily'] });
    const path = join(folder, 'zones/curated/metaads/metaads_campaigns_daily.csv');
    const answer = await runQuery(
      { home: folder },
      `select count(*) as n from read_csv(${quoted(path)})`,
      { format: 'csv' },
    );
    expect(answer.text).toBe('n\n0\n');
  });

  it('stops at the time limit and says so', async () => {
    const endless =
      'select count(*) from range(10000000000) a, range(1000) b where a.range + b.range = 3';
    await expect(runQuery(lake, endless, { format: 'csv', seconds: 0.5 })).rejects.toMatchObject({
      message: expect.stringContaining('0.5 seconds'),
    });
  });

  it('stops at the memory limit', async () => {
    await expect(
      runQuery(lake, 'select list(range) from range(1000000000)', {
        format: 'csv',
        memory: '100MB',
      }),
    ).rejects.toMatchObject({ code: 'SQL_REFUSED', message: expect.stringMatching(/memory/i) });
  });

  it('gives at most the rows it may, and says when there were more', async () => {
    const cut = await runQuery(lake, 'from range(10)', { format: 'csv', maxRows: 3 });
    expect(cut).toEqual({ text: 'range\n0\n1\n2\n', rows: 3, isCutShort: true });
    const whole = await runQuery(lake, 'from range(3)', { format: 'csv', maxRows: 3 });
    expect(whole.isCutShort).toBe(false);
  });

  it('works on a lake that has nothing yet', async () => {
    const answer = await runQuery(
      { home: join(kept.home, 'new') },
      'select count(*) as n from ads',
      {
        format: 'json',
      },
    );
    expect(JSON.parse(answer.text)).toEqual([{ n: 0 }]);
  });
});
