import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT } from './checkout.ts';

/** The files a model becomes, in its folder under `zones/curated/`. */
export type Layout =
  /** `<model>/<splitBy>=<value>/month=<YYYY-MM>.parquet`: the rows need a column `date` */
  | 'partitions'
  /** `<model>.parquet` */
  | 'parquet'
  /** `<model>.csv` and `<model>.parquet` */
  | 'csv-and-parquet';

/** A curated table: `src/sql/curated/<name>.sql` says its rows, `schemas/curated/<name>` its columns. */
export interface Model {
  readonly name: string;
  readonly layout: Layout;
  /**
   * Its folder under `zones/curated/`, with `/` between names, for example `marketing/metaads`;
   * `metaads` when it says nothing. Views and `adlake sql` name a table alike wherever it lies.
   */
  readonly folder?: string;
  /**
   * For the layout `partitions`, the column whose values split the files beside the month, for
   * example `platform`; `account_id` when it says nothing. A part of the key that is safe in a path.
   */
  readonly splitBy?: string;
  /** The natural key: unique, and the order of the rows. */
  readonly key: readonly string[];
  /** The table its rows are counted from. */
  readonly countedFrom: TableName;
  /** True when each row counted becomes one row; false when rows are folded or left out. */
  readonly keepsRows: boolean;
}

/** A table of the engine while curated is built: its schema says where its rows come from. */
export interface TableName {
  /** `staging`: files of the lake; `intermediate` and `curated`: a model of that folder. */
  readonly layer: 'staging' | 'intermediate' | 'curated';
  readonly name: string;
}

/** Every curated table, in an order in which each comes after those it is built on. */
export const MODELS: readonly Model[] = [
  {
    name: 'campaign_day',
    layout: 'partitions',
    key: ['account_id', 'date', 'campaign_id'],
    countedFrom: { layer: 'staging', name: 'insights_campaign_day' },
    keepsRows: true,
  },
  {
    name: 'ad_day',
    layout: 'partitions',
    key: ['account_id', 'date', 'ad_id'],
    countedFrom: { layer: 'staging', name: 'insights_ad_day' },
    keepsRows: true,
  },
  entities('campaigns', 'campaign_id'),
  entities('ad_sets', 'ad_set_id'),
  entities('ads', 'ad_id'),
  {
    name: 'ad_accounts',
    layout: 'parquet',
    key: ['account_id'],
    countedFrom: { layer: 'curated', name: 'campaign_day' },
    keepsRows: false,
  },
  {
    name: 'metaads_campaigns_daily',
    layout: 'csv-and-parquet',
    key: ['campaign_id'],
    countedFrom: { layer: 'curated', name: 'campaign_day' },
    keepsRows: false,
  },
  {
    name: 'metaads_campaigns_performance_log',
    layout: 'csv-and-parquet',
    key: ['date', 'campaign_id'],
    countedFrom: { layer: 'curated', name: 'campaign_day' },
    keepsRows: false,
  },
  {
    name: 'restatement_day',
    layout: 'partitions',
    folder: 'marketing/metaads',
    key: ['account_id', 'date', 'campaign_id', 'known_on'],
    countedFrom: { layer: 'staging', name: 'campaign_day_versions' },
    keepsRows: false,
  },
  {
    name: 'maturity_curve',
    layout: 'csv-and-parquet',
    folder: 'marketing/metaads',
    key: ['account_id', 'metric', 'days_after'],
    countedFrom: { layer: 'intermediate', name: 'account_day_known' },
    keepsRows: false,
  },
  {
    name: 'roas_matured',
    layout: 'csv-and-parquet',
    folder: 'marketing/metaads',
    key: ['account_id', 'date'],
    countedFrom: { layer: 'intermediate', name: 'account_day_known' },
    keepsRows: false,
  },
  {
    name: 'ad_performance_day',
    layout: 'partitions',
    folder: 'marketing',
    splitBy: 'platform',
    key: ['platform', 'account_id', 'date_day', 'object_key', 'occurrence'],
    countedFrom: { layer: 'intermediate', name: 'level_choice' },
    keepsRows: false,
  },
  {
    name: 'country_performance_day',
    layout: 'partitions',
    folder: 'marketing',
    splitBy: 'platform',
    key: ['platform', 'account_id', 'date_day', 'campaign_key', 'country'],
    countedFrom: { layer: 'staging', name: 'insights_country_day' },
    keepsRows: false,
  },
  {
    name: 'channel_day',
    layout: 'csv-and-parquet',
    folder: 'marketing',
    key: ['date', 'channel'],
    countedFrom: { layer: 'intermediate', name: 'channel_spend' },
    keepsRows: false,
  },
];

/** The model's folder under `zones/curated/`, name by name. */
export function folderOf(model: Model): readonly string[] {
  return (model.folder ?? 'metaads').split('/');
}

/** The column that splits a model of the layout `partitions` beside the month. */
export function splitOf(model: Model): string {
  return model.splitBy ?? 'account_id';
}

/** Path of a model's contract, as `contractAt` takes it. */
export function curatedSchema(model: Model): string {
  return `curated/${model.name}.schema.json`;
}

/** The text of a model: one select. `layer` is its folder under `src/sql`. */
export function modelSql(table: TableName): string {
  return readFileSync(join(CHECKOUT, 'src', 'sql', table.layer, `${table.name}.sql`), 'utf8');
}

/** The tables a model's text names, each once, in order of appearance. */
export function tablesIn(sql: string): readonly TableName[] {
  const names = [...sql.matchAll(TABLE)].map((match) => match[0]);
  return [...new Set(names)].map(toTableName);
}

/** A table and all it is built on, what is needed first coming first, each once. */
export function withAncestors(table: TableName): readonly TableName[] {
  if (table.layer === 'staging') return [table];
  const before = tablesIn(modelSql(table)).flatMap(withAncestors);
  const seen = new Map([...before, table].map((each) => [sqlName(each), each]));
  return [...seen.values()];
}

/** The table's name in SQL, for example `staging.campaigns`. */
export function sqlName(table: TableName): string {
  return `${table.layer}.${table.name}`;
}

const TABLE = /\b(?:staging|intermediate|curated)\.[a-z_]+/g;

function toTableName(name: string): TableName {
  const [layer, table] = name.split('.') as [TableName['layer'], string];
  return { layer, name: table };
}

function entities(name: string, id: string): Model {
  return {
    name,
    layout: 'parquet',
    key: ['account_id', id],
    countedFrom: { layer: 'staging', name },
    keepsRows: true,
  };
}
