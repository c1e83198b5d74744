import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT } from './checkout.ts';
import { AdlakeError } from './errors.ts';
import { REPORT_DATASETS } from './imports/datasets.ts';

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
  /** True: it is there only once `adlake dump` has landed something, since it holds every row twice. */
  readonly isOfDump?: true;
  /** A further copy of its CSV, below `zones/staging/`. */
  readonly stagingCopy?: string;
  /** The natural key: unique, and the order of the rows. */
  readonly key: readonly string[];
  /** The table its rows are counted from. */
  readonly countedFrom: TableName;
  /** True when each row counted becomes one row; false when rows are folded or left out. */
  readonly keepsRows: boolean;
  /**
   * Tables without which it has no rows, whatever else it reads: when all of these are empty, the model
   * is not asked. Absent: `countedFrom` where it keeps rows, and else all that it reads.
   */
  readonly onlyWith?: readonly TableName[];
  /** How it is made month by month; absent: whole, whenever something that it reads has changed. */
  readonly byMonth?: MonthlyRule;
}

/**
 * A model of the layout `partitions` whose months are made one by one, each from the rows of
 * `countedFrom` of its own month and of those before it that it reaches back into. Only months are made
 * again of which these rows changed, or a row of another table that they look up. A table that is
 * neither `countedFrom`, nor of the same month, nor a lookup is taken to concern every month.
 */
export interface MonthlyRule {
  /** How rows look back, in `countedFrom`; absent: a row is made of rows of its own day. */
  readonly lookBack?: LookBack;
  /**
   * Further tables, by their name in SQL, of which a row is made of rows of its own day and no others,
   * going by the column `date` of both. They are of staging or curated, with a file for each month, or
   * intermediate: then a month's rows have changed when their hashes have.
   */
  readonly sameMonth?: readonly string[];
  /**
   * Tables that rows look up, by their name in SQL, and the columns by which they do. These are columns
   * of both, or `<column of the table> as <column of the model>`: a row of the table concerns the months
   * in which the model has a row with the same values. Everything else of such a table that a row is made
   * of must come from rows with these values.
   */
  readonly lookups: Readonly<Record<string, readonly string[]>>;
}

/** What rows are made of rows of up to 28 days before: those of the same month, and of the one before. */
export interface LookBack {
  /**
   * The part of the model's text (a `with` by its name) that looks back. It has the columns `account_id` and `date`
   * and few others, and reads nothing but `countedFrom`, so that it can be made of a whole month at once.
   */
  readonly by: string;
  /** The columns that it takes. */
  readonly columns: readonly string[];
}

/** A table of the engine while curated is built: its schema says where its rows come from. */
export interface TableName {
  /**
   * `staging`: files of the lake; `partial`: what each staging file says, folded on its own, so that
   * files that did not change need not be read again; `intermediate` and `curated`: a model of that folder;
   * `checks`: rows that are judged, see `src/sql/checks`.
   */
  readonly layer: 'staging' | 'partial' | 'intermediate' | 'checks' | 'curated';
  readonly name: string;
}

/**
 * How a table of the layer `intermediate` is made a month at a time: its rows of months of which nothing changed
 * that they are made of are kept in `cache/curated/kept`.
 */
export interface KeptRule {
  /**
   * The table that its rows are made of, through others of the layer or at once. All of them have a column `date`, and
   * a row is made of rows of `from` of its own day and of so many `days` before it, and of whole tables that do not
   * come from `from`; where it looks at other days than that, at those of its own month.
   */
  readonly from: TableName;
  readonly days: number;
  /** Rows of `from` with this value in this column are looked at for longer. */
  readonly further?: { readonly column: string; readonly value: string; readonly days: number };
}

/**
 * Tables that are kept by month, by their name in SQL; a curated model reads them itself.
 *
 * What is judged of a day goes by the 42 days before it, each of which had been measured by the 42 before it:
 * 84. Each of these was freed of its weekday, which the account told by 56 days before, each of them in its
 * own week: 62 more, of the account alone.
 */
export const KEPT_BY_MONTH: Readonly<Record<string, KeptRule>> = {
  'intermediate.metric_marked': {
    from: { layer: 'intermediate', name: 'subject_aged' },
    days: 84,
    further: { column: 'level', value: 'account', days: 146 },
  },
};

/** Columns of insights of which sums over 28 days are made. */
const SUMMED = [
  'account_id',
  'date',
  'spend',
  'purchase_value',
  'purchases',
  'impressions',
  'clicks',
];

/** Every curated table, in an order in which each comes after those it is built on. */
export const MODELS: readonly Model[] = [
  {
    name: 'campaign_day',
    layout: 'partitions',
    key: ['account_id', 'date', 'campaign_id'],
    countedFrom: { layer: 'staging', name: 'insights_campaign_day' },
    keepsRows: true,
    byMonth: {
      lookBack: { by: 'rolling', columns: ['campaign_id', ...SUMMED] },
      lookups: {
        'intermediate.accounts': ['account_id'],
        'intermediate.usd_rates': ['currency', 'date'],
        'intermediate.campaign_names': ['account_id', 'campaign_id'],
      },
    },
  },
  {
    name: 'ad_day',
    layout: 'partitions',
    key: ['account_id', 'date', 'ad_id'],
    countedFrom: { layer: 'staging', name: 'insights_ad_day' },
    keepsRows: true,
    byMonth: {
      lookBack: { by: 'rolling', columns: ['ad_id', ...SUMMED] },
      lookups: {
        'intermediate.accounts': ['account_id'],
        'intermediate.usd_rates': ['currency', 'date'],
        'intermediate.campaign_names': ['account_id', 'campaign_id'],
        'intermediate.ad_set_names': ['account_id', 'ad_set_id'],
        'intermediate.ad_names': ['account_id', 'ad_id'],
        'intermediate.ad_parents': ['account_id', 'ad_id'],
      },
    },
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
    name: 'tidy_metaads',
    layout: 'csv-and-parquet',
    folder: 'marketing/metaads',
    isOfDump: true,
    stagingCopy: 'meta/tidy_metaads.csv',
    key: ['account_id', 'date', 'ad_id'],
    countedFrom: { layer: 'curated', name: 'ad_day' },
    keepsRows: true,
  },
  {
    name: 'audience_insights_aggregated',
    layout: 'csv-and-parquet',
    folder: 'marketing/metaads',
    key: ['account_id', 'period', 'dimension', 'value'],
    countedFrom: { layer: 'intermediate', name: 'audience_months' },
    keepsRows: false,
    onlyWith: [{ layer: 'intermediate', name: 'audience_months' }],
  },
  {
    name: 'pixel_funnel_day',
    layout: 'partitions',
    folder: 'marketing/metaads',
    key: ['account_id', 'date'],
    countedFrom: { layer: 'curated', name: 'campaign_day' },
    keepsRows: false,
  },
  {
    name: 'reconciliation_day',
    layout: 'partitions',
    folder: 'marketing/metaads',
    key: ['account_id', 'date', 'level', 'metric'],
    countedFrom: { layer: 'intermediate', name: 'level_figures' },
    keepsRows: false,
    onlyWith: [{ layer: 'staging', name: 'insights_account_day' }],
  },
  {
    name: 'restatement_day',
    layout: 'partitions',
    folder: 'marketing/metaads',
    key: ['account_id', 'date', 'campaign_id', 'known_on'],
    countedFrom: { layer: 'staging', name: 'campaign_day_versions' },
    keepsRows: false,
    byMonth: {
      lookups: { 'intermediate.campaign_names': ['account_id', 'campaign_id'] },
    },
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
  // Alerts wait for these, and they take long: early among those that are made side by side.
  {
    name: 'anomalies',
    layout: 'csv-and-parquet',
    folder: 'marketing/metaads',
    key: ['account_id', 'level', 'subject_id', 'date', 'metric'],
    countedFrom: { layer: 'intermediate', name: 'metric_marked' },
    keepsRows: false,
  },
  {
    name: 'ad_performance_day',
    layout: 'partitions',
    folder: 'marketing',
    splitBy: 'platform',
    key: ['platform', 'account_id', 'date', 'object_key', 'occurrence'],
    countedFrom: { layer: 'intermediate', name: 'level_choice' },
    keepsRows: false,
    byMonth: {
      sameMonth: [
        'curated.ad_day',
        'curated.campaign_day',
        'staging.insights_ad_set_day',
        'staging.insights_account_day',
        'intermediate.report_rows',
        'intermediate.meta_answers',
        'intermediate.daily_rates',
      ],
      lookups: {
        'intermediate.accounts': ['account_id'],
        'intermediate.campaign_names': ['account_id', 'campaign_id'],
        'intermediate.ad_set_names': ['account_id', 'ad_set_id as ad_group_id'],
        'intermediate.ad_texts': ['account_id', 'ad_id'],
        'intermediate.object_status': ['account_id', 'level', 'object_key'],
      },
    },
  },
  {
    name: 'country_performance_day',
    layout: 'partitions',
    folder: 'marketing',
    splitBy: 'platform',
    key: ['platform', 'account_id', 'date', 'campaign_key', 'country'],
    countedFrom: { layer: 'staging', name: 'insights_country_day' },
    keepsRows: false,
    onlyWith: ['insights_country_day', ...REPORT_DATASETS.map(({ name }) => name)].map((name) => ({
      layer: 'staging',
      name,
    })),
  },
  {
    name: 'channel_day',
    layout: 'csv-and-parquet',
    folder: 'marketing',
    key: ['date', 'channel'],
    countedFrom: { layer: 'intermediate', name: 'channel_spend' },
    keepsRows: false,
  },
  {
    name: 'data_quality',
    layout: 'csv-and-parquet',
    folder: 'marketing',
    key: ['check_name', 'account_id'],
    countedFrom: { layer: 'curated', name: 'campaign_day' },
    keepsRows: false,
  },
  {
    name: 'creative_content',
    layout: 'csv-and-parquet',
    folder: 'marketing/metaads',
    key: ['account_id', 'creative_id'],
    countedFrom: { layer: 'staging', name: 'ad_creatives' },
    keepsRows: true,
  },
  {
    name: 'campaign_history',
    layout: 'csv-and-parquet',
    folder: 'marketing/metaads',
    key: ['account_id', 'campaign_id'],
    countedFrom: { layer: 'curated', name: 'campaign_day' },
    keepsRows: false,
  },
  {
    name: 'benchmark_comparison',
    layout: 'csv-and-parquet',
    folder: 'marketing',
    key: [
      'platform',
      'account_id',
      'source',
      'industry',
      'benchmark_platform',
      'objective',
      'country',
      'metric',
      'currency',
    ],
    countedFrom: { layer: 'staging', name: 'benchmarks' },
    keepsRows: false,
    onlyWith: [{ layer: 'staging', name: 'benchmarks' }],
  },
  {
    name: 'campaign_roi_analysis',
    layout: 'csv-and-parquet',
    folder: 'marketing/metaads',
    key: ['account_id', 'campaign_id', 'period', 'since'],
    countedFrom: { layer: 'intermediate', name: 'campaign_period' },
    keepsRows: true,
  },
  {
    name: 'performance_alerts',
    layout: 'csv-and-parquet',
    folder: 'marketing',
    key: ['rule', 'account_id', 'subject_id', 'opened_on', 'alert_id'],
    countedFrom: { layer: 'curated', name: 'anomalies' },
    keepsRows: false,
  },
  {
    name: 'attribution',
    layout: 'csv-and-parquet',
    folder: 'marketing',
    key: ['period', 'level', 'model', 'currency', 'channel', 'campaign'],
    countedFrom: { layer: 'intermediate', name: 'journey_order' },
    keepsRows: false,
    onlyWith: [{ layer: 'staging', name: 'orders' }],
  },
  {
    name: 'journeys',
    layout: 'csv-and-parquet',
    folder: 'marketing',
    key: ['path'],
    countedFrom: { layer: 'intermediate', name: 'journey_order' },
    keepsRows: false,
    onlyWith: [
      { layer: 'staging', name: 'orders' },
      { layer: 'staging', name: 'touchpoints' },
    ],
  },
  {
    name: 'time_to_convert',
    layout: 'csv-and-parquet',
    folder: 'marketing',
    key: ['first_channel', 'days'],
    countedFrom: { layer: 'intermediate', name: 'journey_order' },
    keepsRows: false,
    onlyWith: [{ layer: 'staging', name: 'orders' }],
  },
  {
    name: 'creative_performance',
    layout: 'csv-and-parquet',
    folder: 'marketing/metaads',
    key: ['account_id', 'creative_key', 'period'],
    countedFrom: { layer: 'intermediate', name: 'creative_places' },
    keepsRows: false,
    onlyWith: [{ layer: 'staging', name: 'insights_ad_day' }],
  },
  {
    name: 'creative_fatigue',
    layout: 'csv-and-parquet',
    folder: 'marketing/metaads',
    key: ['account_id', 'creative_id'],
    countedFrom: { layer: 'intermediate', name: 'creative_places' },
    keepsRows: false,
    onlyWith: [{ layer: 'staging', name: 'insights_ad_day' }],
  },
  {
    name: 'budget_pacing',
    layout: 'csv-and-parquet',
    folder: 'marketing/metaads',
    key: ['account_id', 'level', 'object_id', 'kind'],
    countedFrom: { layer: 'intermediate', name: 'budget_objects' },
    keepsRows: false,
  },
  {
    name: 'response_curves',
    layout: 'csv-and-parquet',
    folder: 'marketing/metaads',
    key: ['account_id', 'campaign_id'],
    countedFrom: { layer: 'intermediate', name: 'response_points' },
    keepsRows: false,
  },
  {
    name: 'budget_allocation',
    layout: 'csv-and-parquet',
    folder: 'marketing/metaads',
    key: ['account_id', 'campaign_id'],
    countedFrom: { layer: 'curated', name: 'campaign_day' },
    keepsRows: false,
  },
  {
    name: 'forecast_day',
    layout: 'csv-and-parquet',
    folder: 'marketing/metaads',
    key: ['account_id', 'metric', 'date'],
    countedFrom: { layer: 'intermediate', name: 'forecast_trials' },
    keepsRows: false,
  },
  {
    name: 'prediction_comparisons',
    layout: 'csv-and-parquet',
    folder: 'marketing/metaads',
    key: ['source', 'prediction_id'],
    countedFrom: { layer: 'staging', name: 'predictions' },
    keepsRows: true,
    onlyWith: [{ layer: 'staging', name: 'predictions' }],
  },
];

/** Intermediate tables that have rows of their own, whatever is in the lake: rules, and words for them. */
export const OWN_ROWS: ReadonlySet<string> = new Set([
  'intermediate.quality_rules',
  'intermediate.alert_setting',
  'intermediate.alert_words',
]);

/** The model of a name. Throws `BUG` when there is none. */
export function modelNamed(name: string): Model {
  const model = MODELS.find((each) => each.name === name);
  if (model !== undefined) return model;
  throw new AdlakeError({
    code: 'BUG',
    message: `There is no curated model ${name}.`,
    remedy: 'Correct the name in src/sql, or list the model in src/model.ts.',
  });
}

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

/** The text of a model: one select, read once per process. `layer` is its folder under `src/sql`. */
export function modelSql(table: TableName): string {
  return texts(sqlName(table), () =>
    readFileSync(join(CHECKOUT, 'src', 'sql', table.layer, `${table.name}.sql`), 'utf8'),
  );
}

const texts = remembering<string>();

/** The tables a model's text names, each once, in order of appearance. */
export function tablesIn(sql: string): readonly TableName[] {
  return named(sql, () => {
    const names = [...sql.matchAll(TABLE)].map((match) => match[0]);
    return [...new Set(names)].map(toTableName);
  });
}

const named = remembering<readonly TableName[]>();

/** A table and all it is built on, what is needed first coming first, each once. */
export function withAncestors(table: TableName): readonly TableName[] {
  if (table.layer === 'staging') return [table];
  return ancestors(sqlName(table), () => {
    const before = tablesIn(modelSql(table)).flatMap(withAncestors);
    const seen = new Map([...before, table].map((each) => [sqlName(each), each]));
    return [...seen.values()];
  });
}

const ancestors = remembering<readonly TableName[]>();

/** The table's name in SQL, for example `staging.campaigns`. */
export function sqlName(table: TableName): string {
  return `${table.layer}.${table.name}`;
}

/**
 * Those of the columns that a text names where it reads the table; all of them when it takes everything of the
 * table. Reading the others would cost time and memory for nothing. A select sees columns of a table only where
 * it names the table, so other parts of the text (`with` and what follows it, each to its closing bracket at the
 * beginning of a line) say nothing of them.
 */
export function columnsNamed(
  sql: string,
  of: { readonly table: TableName; readonly columns: readonly string[] },
): readonly string[] {
  const whole = wholeOf(sql, () => new Set(Array.from(sql.matchAll(TAKEN_WHOLE), nameIn)));
  if (whole.has(sqlName(of.table)) || whole.has(of.table.name)) return of.columns;
  const words = wordsBy(sql, () => wordsByTable(sql)).get(sqlName(of.table));
  return of.columns.filter((column) => words?.has(column));
}

function wordsByTable(sql: string): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const part of sql.split(/^\)/m)) {
    const words = part.match(/[a-z_0-9]+/g) ?? [];
    for (const table of tablesIn(part)) {
      const known = found.get(sqlName(table)) ?? new Set();
      for (const word of words) known.add(word);
      found.set(sqlName(table), known);
    }
  }
  return found;
}

const wordsBy = remembering<ReadonlyMap<string, ReadonlySet<string>>>();
const wholeOf = remembering<ReadonlySet<string>>();

/** Tables of which a text takes every column: by `* from staging.name`, or `name.*`. */
const TAKEN_WHOLE = /\*\s+from\s+([a-z_]+\.[a-z_0-9]+)|\b([a-z_0-9]+)(?=\.\*)/g;

function nameIn(match: RegExpMatchArray): string {
  return match[1] ?? match[2] ?? '';
}

/** Gives what was made for a key, making it once: plans ask the same of every model many times. */
function remembering<T>(): (key: string, make: () => T) => T {
  const known = new Map<string, T>();
  return (key, make) => {
    const found = known.get(key);
    if (found !== undefined) return found;
    const made = make();
    known.set(key, made);
    return made;
  };
}

const TABLE = /\b(?:staging|partial|intermediate|checks|curated)\.[a-z_]+/g;

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
