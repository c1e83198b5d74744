import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { contractAt } from '../../src/contract.ts';
import { columnTypes, csvSource, openEngine, quoteName, rowsOf } from '../../src/duckdb/duckdb.ts';
import { curatedSchema, folderOf } from '../../src/model.ts';
import { parquetOf } from '../../src/query/views.ts';
import { FLOOR_MODELS } from './floor-models.ts';
import { VERSION_MEMBERS } from './floor-staging.ts';

/** One file of the floor and the lake's files of the same rows. */
interface Pair {
  readonly name: string;
  readonly lake: string;
  readonly floor: string;
}

/** What comparing a pair gave: rows that only one of the two has. */
export interface Difference {
  readonly name: string;
  readonly rows: number;
  readonly onlyLake: number;
  readonly onlyFloor: number;
}

/**
 * Compares the lake's raw lines, staging values and curated values with the floor's, row for row and
 * in any order. The floor validates nothing, so its rows about bad records are left out: they are of
 * ads of their own. The row counts say how much was compared.
 */
export async function differences(lake: string, floor: string): Promise<readonly Difference[]> {
  const engine = await openEngine({ threads: 2, memory: '8GB', spillInto: join(floor, 'spill') });
  try {
    const found: Difference[] = [];
    for (const pair of pairsOf(lake, floor)) found.push(await compare(engine.connection, pair));
    return found;
  } finally {
    engine.close();
  }
}

function pairsOf(lake: string, floor: string): readonly Pair[] {
  return [
    ...['insights_ad_day', 'insights_campaign_day'].map((dataset) => raw(lake, floor, dataset)),
    versions(lake, floor),
    staging(lake, floor, 'internal', 'campaign_day_versions'),
    staging(lake, floor, 'meta', 'insights_ad_day'),
    staging(lake, floor, 'meta', 'insights_campaign_day'),
    staging(lake, floor, 'internal', 'fx_rates'),
    ...curated(lake, floor),
  ];
}

function raw(lake: string, floor: string, dataset: string): Pair {
  const lines = (path: string): string =>
    `(select line from read_csv('${path}', columns = {line: 'VARCHAR'}, header = false, delim = '\x01', quote = '', escape = '', auto_detect = false))`;
  const good =
    dataset === 'insights_ad_day' ? ` where regexp_matches(line, '"ad_id":"1202..3000[^9]')` : '';
  return {
    name: `raw ${dataset}`,
    lake: lines(join(lake, 'zones', 'raw', 'meta', dataset, '*', '*.ndjson')),
    floor: `${lines(join(floor, 'raw', `${dataset}.ndjson`))}${good}`,
  };
}

function versions(lake: string, floor: string): Pair {
  const types = VERSION_MEMBERS.map((name) => `${name}: 'VARCHAR'`).join(', ');
  const lines = (path: string): string =>
    `(select * from read_json('${path}', format = 'newline_delimited', hive_partitioning = false, columns = {${types}}))`;
  const name = 'campaign_day_versions';
  return {
    name: `raw ${name}`,
    lake: lines(join(lake, 'zones', 'raw', 'internal', name, '*', '*.ndjson')),
    floor: lines(join(floor, 'raw', `${name}.ndjson`)),
  };
}

function staging(lake: string, floor: string, platform: string, dataset: string): Pair {
  const columns = contractAt(`staging/${dataset}.schema.json`).columns.map((name) => `"${name}"`);
  const text = (path: string): string =>
    `(select ${columns.join(', ')} from read_csv('${path}', all_varchar = true, header = true, delim = ',', quote = '"', escape = '"', hive_partitioning = false))`;
  return {
    name: `staging ${dataset}`,
    lake: text(join(lake, 'zones', 'staging', platform, dataset, '*', '*.csv')),
    floor: `${text(join(floor, 'staging', `${dataset}.csv`))}${dataset === 'insights_ad_day' ? GOOD_AD : ''}`,
  };
}

const GOOD_AD = " where ad_id like '1202%' and not regexp_matches(ad_id, '^1202..30009')";

function curated(lake: string, floor: string): readonly Pair[] {
  return FLOOR_MODELS.flatMap((model): readonly Pair[] => {
    const home = join(lake, 'zones', 'curated', ...folderOf(model));
    const tail = model.layout === 'partitions' ? `${model.name}/*/*` : model.name;
    const parquet = (path: string): string =>
      `(select * from read_parquet('${path}', hive_partitioning = false))`;
    const good = GOOD[model.name] ?? '';
    const made = parquet(join(floor, 'curated', `${model.name}.parquet`));
    const isThere = parquetOf({ home: lake }, model).length > 0;
    const pair = {
      name: `curated ${model.name}`,
      lake: isThere
        ? parquet(join(home, `${tail}.parquet`))
        : `(select * from ${made} where false)`,
      floor: `${made}${good}`,
    };
    if (model.layout !== 'csv-and-parquet') return [pair];
    const columns = columnTypes(curatedSchema(model));
    const csv = (path: string): string =>
      `(select ${columns.map(([name]) => quoteName(name)).join(', ')} from ${csvSource(columns, [path])})`;
    return [
      pair,
      {
        name: `curated ${model.name}.csv`,
        lake: csv(join(home, `${model.name}.csv`)),
        floor: csv(join(floor, 'curated', `${model.name}.csv`)),
      },
    ];
  });
}

/** Which rows of the floor speak of good records; one kind of bad record names a foreign account. */
const GOOD: Readonly<Record<string, string>> = {
  ad_accounts: " where account_id <> '999'",
};

async function compare(connection: DuckDBConnection, pair: Pair): Promise<Difference> {
  const count = async (select: string): Promise<number> => {
    const [row] = await rowsOf(connection, `select count(*) as total from (${select})`);
    return Number(row?.total);
  };
  const columns = await comparable(connection, pair.lake);
  const lake = `select ${columns} from ${pair.lake}`;
  const floor = `select ${columns} from ${pair.floor}`;
  return {
    name: pair.name,
    rows: await count(lake),
    onlyLake: await count(`(${lake}) except all (${floor})`),
    onlyFloor: await count(`(${floor}) except all (${lake})`),
  };
}

/** Sums of floating-point numbers differ in their last digits when the terms come in another order. */
const FLOAT_PLACES = 6;

async function comparable(connection: DuckDBConnection, source: string): Promise<string> {
  const columns = await rowsOf(connection, `describe select * from ${source}`);
  return columns
    .map(({ column_name, column_type }) => {
      const name = `"${String(column_name)}"`;
      return column_type === 'DOUBLE' ? `round(${name}, ${FLOAT_PLACES}) as ${name}` : name;
    })
    .join(', ');
}
