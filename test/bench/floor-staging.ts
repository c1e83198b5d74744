import { contractAt } from '../../src/contract.ts';

/** The two datasets that the benchmark has facts of. */
export const FACTS = ['insights_ad_day', 'insights_campaign_day'] as const;

/** One of the datasets of `FACTS`. */
export type Facts = (typeof FACTS)[number];

/**
 * The select that flattens a raw file into the columns of staging. It knows what the generator sends:
 * which action types there are, that their windows were asked for, that both names of an event come
 * together. So it does less than the pipeline must, and is the faster for it.
 */
export function flattenSql(dataset: Facts, raw: string, today: string): string {
  const columns = contractAt(`staging/${dataset}.schema.json`).columns.map(
    (column) => `${expressionOf(column, today)} as "${column}"`,
  );
  const types = Object.entries(RAW_TYPES).map(([name, type]) => `"${name}": '${type}'`);
  return `
    with records as (
      select *,
        [one.action_type for one in actions] as types,
        [one.action_type for one in action_values] as value_types
      from read_json('${raw}', format = 'newline_delimited', columns = {${types.join(', ')}})
    ),
    placed as (
      select *,
        ${placed('actions', 'types', 'a', ACTION_TYPES)},
        ${placed('action_values', 'value_types', 'v', ['omni_purchase'])},
        try_cast(try_cast(spend as decimal(18, 6)) * 1000000 as bigint) as micros,
        try_cast(clicks as bigint) as clicks_n,
        try_cast(impressions as bigint) as impressions_n
      from records
    ),
    figured as (
      select *,
        ${divided('micros', 'clicks_n')} as cpc_made,
        ${divided('micros * 1000', 'impressions_n')} as cpm_made,
        ${divided('clicks_n * 1000000', 'impressions_n')} as ctr_made
      from placed
    )
    select ${columns.join(',\n')} from figured`;
}

const STATS =
  'STRUCT(action_type VARCHAR, "value" VARCHAR, "1d_click" VARCHAR, "7d_click" VARCHAR, "28d_click" VARCHAR, "1d_view" VARCHAR)[]';
const COUNT = 'STRUCT("value" VARCHAR)[]';

const RAW_TYPES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      'account_id date_start campaign_id campaign_name adset_id adset_name ad_id ad_name',
      'account_currency attribution_setting objective optimization_goal spend impressions reach',
      'frequency clicks unique_clicks inline_link_clicks cpc cpm ctr quality_ranking',
      'engagement_rate_ranking conversion_rate_ranking',
    ]
      .flatMap((names) => names.split(' '))
      .map((name) => [name, 'VARCHAR']),
  ),
  actions: STATS,
  action_values: STATS,
  outbound_clicks: COUNT,
  video_thruplay_watched_actions: COUNT,
  video_p25_watched_actions: COUNT,
  video_p50_watched_actions: COUNT,
  video_p75_watched_actions: COUNT,
  video_p95_watched_actions: COUNT,
  video_p100_watched_actions: COUNT,
};

const ACTION_TYPES = [
  'landing_page_view',
  'post_engagement',
  'comment',
  'omni_view_content',
  'omni_add_to_cart',
  'omni_initiated_checkout',
  'omni_purchase',
];

/** The struct of each action type, or NULL, under `<prefix>_<type>`. */
function placed(list: string, types: string, prefix: string, wanted: readonly string[]): string {
  return wanted
    .map((type) => `${list}[list_position(${types}, '${type}')] as ${prefix}_${type}`)
    .join(', ');
}

/** An integer quotient, rounded half to even. */
function divided(over: string, under: string): string {
  const quotient = `((${over}) // nullif(${under}, 0))`;
  const twice = `(2 * ((${over}) % nullif(${under}, 0)))`;
  return `${quotient} + case when ${twice} > ${under} or (${twice} = ${under} and ${quotient} % 2 = 1) then 1 else 0 end`;
}

/** Millionths as decimal text without trailing zeros. */
function millionths(column: string): string {
  return trimmed(`cast(${column} as decimal(24, 0)) * 0.000001`);
}

function trimmed(decimal: string): string {
  return `rtrim(rtrim(cast(${decimal} as varchar), '0'), '.')`;
}

const RENAMED: Readonly<Record<string, string>> = {
  date: 'date_start',
  ad_set_id: 'adset_id',
  ad_set_name: 'adset_name',
  currency: 'account_currency',
  link_clicks: 'inline_link_clicks',
  cpc_reported: 'cpc',
  cpm_reported: 'cpm',
};

/** Columns of an event by the action type that the generator sends for it. */
const EVENTS: Readonly<Record<string, string>> = {
  purchases: 'a_omni_purchase',
  purchase_value: 'v_omni_purchase',
  add_to_cart: 'a_omni_add_to_cart',
  initiate_checkout: 'a_omni_initiated_checkout',
  view_content: 'a_omni_view_content',
};

/** Columns of things that the generator never sends: counted, so 0; with no source. */
const NEVER_SENT: Readonly<Record<string, string>> = {
  leads: "'0'",
  complete_registration: "'0'",
  post_reactions: "'0'",
  shares: "'0'",
  saves: "'0'",
  video_views_3s: "'0'",
  leads_source: 'cast(null as varchar)',
  complete_registration_source: 'cast(null as varchar)',
};

const VIDEO = /^video_(thruplay|p\d+)$/;
const WINDOW = /^(purchases|purchase_value)_(1d_click|7d_click|28d_click|1d_view|1d_ev)$/;

function expressionOf(column: string, today: string): string {
  const special = SPECIAL[column] ?? NEVER_SENT[column];
  if (special !== undefined) return special;
  if (column === 'pulled_on') return `'${today}'`;
  if (VIDEO.test(column)) return `${column}_watched_actions[1]."value"`;
  const [, event, window] = WINDOW.exec(column) ?? [];
  if (event !== undefined && window !== undefined) {
    return window === '1d_ev' ? "'0'" : `coalesce(${EVENTS[event]}."${window}", '0')`;
  }
  const counted = EVENTS[column];
  if (counted !== undefined) return `coalesce(${counted}."value", '0')`;
  const source = EVENTS[column.replace(/_source$/, '')];
  if (source !== undefined) return `${source}.action_type`;
  return `"${RENAMED[column] ?? column}"`;
}

const SPECIAL: Readonly<Record<string, string>> = {
  link_clicks_source: "'inline_link_clicks'",
  outbound_clicks: 'outbound_clicks[1]."value"',
  landing_page_views: `coalesce(a_landing_page_view."value", '0')`,
  comments: `coalesce(a_comment."value", '0')`,
  cpc: millionths('cpc_made'),
  cpm: millionths('cpm_made'),
  ctr: millionths('ctr_made'),
  ctr_reported: trimmed('cast(try_cast(ctr as decimal(18, 6)) * 0.01 as decimal(18, 8))'),
  reported_agrees: `${[
    agrees('cpc', 'cpc_made', 0.005),
    agrees('cpm', 'cpm_made', 0.005),
    agrees('(try_cast(ctr as double) / 100)', 'ctr_made', 0.000001),
  ].join(' and ')}`,
  pixel_events: pixelEvents(),
  _degraded: 'cast(null as varchar)',
  other_actions: `coalesce('{"post_engagement":{"value":"' || a_post_engagement."value" || '","7d_click":"' || a_post_engagement."7d_click" || '"}}', '{}')`,
};

function agrees(reported: string, made: string, slack: number): string {
  const distance = `abs(try_cast(${reported} as double) - ${made} / 1e6)`;
  return `(${distance} <= ${made} / 1e6 * 0.005 or ${distance} <= ${slack})`;
}

function pixelEvents(): string {
  const member = (name: string, type: string): string =>
    `case when a_${type} is not null then '"${name}":' || a_${type}."value" end`;
  const members = [
    member('AddToCart', 'omni_add_to_cart'),
    member('InitiateCheckout', 'omni_initiated_checkout'),
    member('Purchase', 'omni_purchase'),
    member('ViewContent', 'omni_view_content'),
  ];
  return `'{' || concat_ws(',', ${members.join(', ')}) || '}'`;
}

/** Members of a raw line of `campaign_day_versions`, in order. */
export const VERSION_MEMBERS = [
  'date_start',
  'campaign_id',
  'batch_id',
  'state',
  'currency',
  'spend',
  'impressions',
  'clicks',
  'purchases',
  'purchase_value',
  'record_hash',
] as const;

/**
 * The select that makes raw lines of `campaign_day_versions` from pages: what every answer said. The
 * generator asks for a campaign's day once, so each row of an answer is a version. Where a row lies is
 * part of the dataset: its account, page and place follow its members.
 */
export function versionsSql(pages: string): string {
  return `
    with records as (
      select
        unnest(data) as record,
        generate_subscripts(data, 1) as row,
        filename
      from read_json('${pages}', columns = {data: 'JSON[]'}, filename = true)
    ),
    read as (
      select
        json_transform(record, '${VERSION_READ}') as sent,
        substr(sha256(cast(record as varchar)), 1, 16) as record_hash,
        row,
        parse_filename(filename) as page,
        parse_filename(parse_dirpath(filename)) as batch_id
      from records
    )
    select
      sent.date_start, sent.campaign_id, batch_id, 'known' as state, sent.account_currency as currency,
      sent.spend, sent.impressions, sent.clicks,
      coalesce(${purchases('actions')}, '0') as purchases,
      coalesce(${purchases('action_values')}, '0') as purchase_value,
      record_hash, sent.account_id, page, row
    from read`;
}

const VERSION_READ =
  '{"account_id":"VARCHAR","date_start":"VARCHAR","campaign_id":"VARCHAR","account_currency":"VARCHAR","spend":"VARCHAR","impressions":"VARCHAR","clicks":"VARCHAR","actions":[{"action_type":"VARCHAR","value":"VARCHAR"}],"action_values":[{"action_type":"VARCHAR","value":"VARCHAR"}]}';

function purchases(list: string): string {
  return `list_filter(sent.${list}, lambda one : one.action_type = 'omni_purchase')[1]."value"`;
}

/** The select that makes staging rows of `campaign_day_versions` from raw lines and raw batches. */
export function stagedVersionsSql(raw: string, batches: string): string {
  const read = (file: string, names: readonly string[]): string =>
    `read_json('${file}', format = 'newline_delimited', columns = {${names.map((name) => `"${name}": 'VARCHAR'`).join(', ')}})`;
  return `
    select version.account_id, date_start as date, campaign_id, version.batch_id,
      today as known_on, landed_at, page, "row", state, version.currency, spend, impressions, clicks,
      purchases, purchase_value
    from ${read(raw, [...VERSION_MEMBERS, 'account_id', 'page', 'row'])} as version
    join ${read(batches, ['batch_id', 'today', 'landed_at'])} as batch using (batch_id)`;
}
