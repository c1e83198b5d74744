import { FIELDS, isFigure } from '../imports/fields.ts';
import { headerKey } from '../imports/header-key.ts';
import { jsonRows, parseJson } from '../imports/json-rows.ts';
import { type Mapping, mappings } from '../imports/mapping.ts';
import type { ColumnReading, Reading } from '../imports/reading.ts';
import { gunzip } from '../imports/table.ts';
import type { AccountIdentity, Connector } from './connector.ts';

/** What of a page is looked at before it lands. */
export interface PageSight {
  readonly rows: number;
  readonly headers: readonly string[];
}

/** Looks at a page of an answer. Throws `IMPORT_REFUSED` for one that cannot be read. */
export function sightOf(page: Buffer, { pages, isIdle }: Connector): PageSight {
  const bytes = pages.isGzip ? gunzip(page) : page;
  const found = jsonRows(parseJson(bytes.toString('utf8')), pages.rows);
  if (found === null) return { rows: 0, headers: [] };
  const headers = found.headers.filter((header) => !header.startsWith('../') && !isIdle(header));
  return { rows: found.rows.length, headers };
}

/**
 * How the pages of an answer are read: by the platform's mapping, as an answer that somebody saved
 * would be, with the columns of all its pages in the order in which they came first.
 */
export function apiReading(
  connector: Connector,
  of: {
    readonly headers: readonly string[];
    readonly name: string;
    readonly account: AccountIdentity;
  },
): Reading {
  const mapping = mappings().find(({ platform }) => platform === connector.platform);
  if (mapping === undefined) throw new RangeError(`no mapping of ${connector.platform}`);
  const { name: accountName } = of.account;
  const { pages } = connector;
  return {
    version: 1,
    platform: connector.platform,
    mapping: connector.platform,
    file_name: of.name,
    layout: { format: 'json', isGzip: pages.isGzip, rows: [pages.rows], headers: of.headers },
    header_row: 1,
    first_row: 2,
    last_row: Number.MAX_SAFE_INTEGER,
    columns: of.headers.map((header) => columnOf(header, mapping, connector)),
    left_out: [],
    account: null,
    period: null,
    counts_occurrences: false,
    ...(accountName === null ? {} : { stated: { account_name: accountName } }),
    locale: null,
    attribution_rule: mapping.attributionRule,
  };
}

function columnOf(header: string, mapping: Mapping, connector: Connector): ColumnReading {
  const meaning = mapping.meanings.get(headerKey(header).key)?.[0] ?? null;
  if (meaning === null || meaning.field === null || connector.isOther(header)) {
    return { header, field: null };
  }
  const { field, rank, unit, segment } = meaning;
  const kind = FIELDS[field];
  return {
    header,
    field,
    rank,
    ...(kind === 'day' ? { days: 'ymd' as const } : {}),
    ...(isFigure(kind) ? { decimal: '.' as const } : {}),
    ...(unit === undefined ? {} : { unit }),
    ...(segment === undefined ? {} : { segment }),
  };
}
