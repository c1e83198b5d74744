import { counted, readable, readableCount } from '../amount.ts';
import type { AccountPart } from './account-parts.ts';
import type { Layout, Level } from './reading.ts';
import type { Understanding } from './understand.ts';

/** What was understood of a file, in plain English, a line each; the first names the file. */
export function describeImport(file: Understanding): readonly string[] {
  return [
    `${file.file.name}: ${file.mapping.label}${byWhat(file)}, ${layoutWords(file)}`,
    `  Rows: ${rowWords(file)}, ${file.grain === 'day' ? 'each of one day' : 'of periods longer than a day, kept as periods'}, ${spanWords(file)}`,
    `  Money: ${moneyWords(file)}`,
    ...file.accounts.map((part) => `  Account: ${accountWords(part)}`),
    `  Total row: ${totalWords(file)}`,
    ...remarks(file).map((remark) => `  ${remark}`),
  ];
}

function byWhat(file: Understanding): string {
  if (file.platformBy === 'headers')
    return file.language === null ? '' : ` (${languageName(file.language)})`;
  return ` (told by ${file.platformBy === 'option' ? '--as' : file.platformBy})`;
}

function languageName(language: string): string {
  return new Intl.DisplayNames('en', { type: 'language' }).of(language) ?? language;
}

function layoutWords({ layout, columns }: Understanding): string {
  const marks = new Set(
    columns.flatMap(({ decimal, field }) => (field === null ? [] : (decimal ?? []))),
  );
  const decimals = marks.size === 1 ? `, decimal ${marks.has('.') ? 'point' : 'comma'}` : '';
  return `${formatWords(layout)}${layout.format === 'csv' ? decimals : ''}`;
}

const DELIMITERS: Readonly<Record<string, string>> = {
  ',': 'commas',
  ';': 'semicolons',
  '\t': 'tabs',
  '|': 'bars',
};

function formatWords(layout: Layout): string {
  if (layout.format === 'xlsx') return `worksheet ${JSON.stringify(layout.sheet)}`;
  const packed = layout.isGzip ? ', packed' : '';
  if (layout.format === 'json') return `JSON${packed}`;
  const delimiter = DELIMITERS[layout.delimiter] ?? `"${layout.delimiter}"`;
  return `CSV with ${delimiter}, ${layout.encoding.toUpperCase()}${packed}`;
}

const LEVELS: Readonly<Record<Level, string>> = {
  account: 'account',
  campaign: 'campaign',
  ad_set: 'ad set',
  ad: 'ad',
};

function rowWords(file: Understanding): string {
  const levels = [...file.levels].map(([level, rows]) =>
    file.levels.size === 1 ? `by ${LEVELS[level]}` : `${readableCount(rows)} by ${LEVELS[level]}`,
  );
  const breakdowns = file.columns.flatMap(({ field, segment }) =>
    field === 'segment'
      ? [segment ?? '']
      : field !== null && BREAKDOWN_WORDS[field] !== undefined
        ? [BREAKDOWN_WORDS[field]]
        : [],
  );
  const apart = [...new Set(breakdowns)];
  const broken = apart.length === 0 ? '' : `, broken down by ${apart.join(', ')}`;
  const by = file.levels.size === 1 ? levels.join() : `(${levels.join(', ')})`;
  return `${readableCount(file.rows)} ${by}${broken}`;
}

const BREAKDOWN_WORDS: Readonly<Record<string, string>> = {
  age: 'age',
  gender: 'gender',
  country: 'country',
  region: 'region',
  publisher_platform: 'platform',
  platform_position: 'placement',
  device_platform: 'device',
  hour: 'hour',
};

function spanWords(file: Understanding): string {
  const days = file.accounts.flatMap(({ since, until }) => [since, until]).sort();
  return `${days[0]} to ${days.at(-1)}, exported on ${file.pulledOn}`;
}

function moneyWords(file: Understanding): string {
  const spend = file.sums.get('spend');
  const spent =
    spend === undefined ? 'no spend in the file' : `spend ${readable(spend, file.currency)}`;
  const shown = ['impressions', 'clicks', 'purchases', 'conversions'].flatMap((name) => {
    const sum = file.sums.get(name);
    return sum === undefined ? [] : [`${name} ${readable(sum)}`];
  });
  const isTold = file.currency !== null || file.columns.some(({ field }) => field === 'currency');
  const currency = isTold ? '' : '; the currency is not in the file: say it with --currency';
  return `${[spent, ...shown].join(', ')}${currency}`;
}

function accountWords(part: AccountPart): string {
  const name = part.accountName === null ? '' : ` (${part.accountName})`;
  if (part.by === 'nothing') {
    return 'not in the file, so kept as "unknown"; say it with --account';
  }
  if (part.by === 'name')
    return `only its name is in the file${name}, so kept as ${part.accountId}`;
  return `${part.accountId}${name}`;
}

function totalWords({ totals }: Understanding): string {
  if (totals.isFound) {
    return totals.others > 0
      ? `found, and the rows add up to it; ${counted(totals.others, 'other total')} left out`
      : 'found, and the rows add up to it';
  }
  return 'none in the file';
}

function remarks(file: Understanding): readonly string[] {
  const { unknownHeaders: unknown } = file;
  return [
    ...(file.twins > 0
      ? [
          `${counted(file.twins, 'row')} share all names and days with another row: all are kept, told apart by a number.`,
        ]
      : []),
    ...(file.subtotals > 0
      ? [`${counted(file.subtotals, 'subtotal')} left out: each is the sum of other rows.`]
      : []),
    ...(file.repeated > 0
      ? [
          `${counted(file.repeated, 'row')} sum up finer rows: kept at their own level, and counted once.`,
        ]
      : []),
    ...(file.withoutDay > 0
      ? [`${counted(file.withoutDay, 'row')} left out: no day is said of them.`]
      : []),
    ...(file.damagedIds > 0
      ? [
          `${counted(file.damagedIds, 'id')} rounded by a spreadsheet program: left out, names are the key. Export again for whole ids.`,
        ]
      : []),
    ...(unknown.length > 0
      ? [
          `${counted(unknown.length, 'header')} not known, kept under their own names: ${unknown.slice(0, SHOWN_HEADERS).join('; ')}${unknown.length > SHOWN_HEADERS ? ' …' : ''}`,
        ]
      : []),
  ];
}

const SHOWN_HEADERS = 12;
