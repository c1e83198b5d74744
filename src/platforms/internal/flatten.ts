import { isDecimal, rounded } from '../../decimal.ts';
import { instantOf } from '../../instant.ts';
import { objectOf, type RawRecord, type StagingRow, textOf } from '../../staging/row.ts';

/** Decimal places of an exchange rate: enough for currencies worth a thousandth of a cent. */
const RATE_PLACES = 10;

/** One exchange rate. */
export function flattenRate(raw: RawRecord): readonly StagingRow[] {
  const rate = textOf(raw.record, 'usd_per_unit');
  return [
    {
      date: textOf(raw.record, 'date'),
      currency: textOf(raw.record, 'currency'),
      usd_per_unit: isDecimal(rate) ? rounded(rate, RATE_PLACES) : rate,
    },
  ];
}

/** One choice of the owner. */
export function flattenPreference({ record }: RawRecord): readonly StagingRow[] {
  return [
    {
      name: textOf(record, 'name'),
      subject: textOf(record, 'subject') ?? '',
      value: textOf(record, 'value'),
    },
  ];
}

/** One benchmark; an empty end of the range is not told. */
export function flattenBenchmark({ record }: RawRecord): readonly StagingRow[] {
  const named = ['source', 'industry', 'platform', 'objective', 'country', 'metric', 'currency'];
  return [
    {
      ...Object.fromEntries(named.map((name) => [name, textOf(record, name) ?? ''])),
      low: textOf(record, 'low') || null,
      median: textOf(record, 'median'),
      high: textOf(record, 'high') || null,
    },
  ];
}

/** One landing batch: what was asked, when, and how much came back. */
export function flattenBatch(raw: RawRecord): readonly StagingRow[] {
  const { record } = raw;
  const scope = objectOf(record, 'scope');
  const campaigns = objectOf(scope, 'campaigns');
  const pages = listOf(record.pages);
  return [
    {
      account_id: raw.accountId,
      batch_id: textOf(record, 'batch_id'),
      dataset: textOf(record, 'dataset'),
      source: textOf(record, 'source'),
      since: textOf(scope, 'since'),
      until: textOf(scope, 'until'),
      campaigns_kind: textOf(campaigns, 'kind'),
      campaigns_count: campaigns.kind === 'all' ? null : listOf(campaigns.ids).length,
      complete: scope.complete === true,
      today: textOf(record, 'today'),
      landed_at: instantOf(textOf(record, 'landed_at')),
      api_version: textOf(record, 'api_version'),
      timezone: textOf(record, 'timezone'),
      currency: textOf(record, 'currency'),
      pages: pages.length,
      rows: rowsOf(pages),
    },
  ];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function rowsOf(pages: readonly unknown[]): number | null {
  let sum = 0;
  for (const page of pages) {
    const rows = (page as { readonly rows?: unknown }).rows;
    if (typeof rows !== 'number') return null;
    sum += rows;
  }
  return sum;
}
