import type { Cell } from '../../csv.ts';
import { isDecimal, rounded } from '../../decimal.ts';
import { knownOr, type RawRecord, type StagingRow, textOf } from '../../staging/row.ts';

/** One order. Money in the order's own currency; `day` is that of the shop or of the zone told. */
export function flattenOrder(raw: RawRecord): readonly StagingRow[] {
  const { record } = raw;
  return [
    {
      ...texts(raw, ['source', 'order_id', 'day', 'currency', 'customer_key', 'customer_type']),
      ...moment(raw, 'ordered_at'),
      amount: money(raw, 'amount'),
      refunded: money(raw, 'refunded'),
      is_sold: textOf(record, 'is_sold') === 'true',
      ...texts(raw, ['status', 'channel', 'campaign_id', 'campaign', 'utm_source', 'utm_medium']),
      ...texts(raw, ['utm_campaign', 'utm_content', 'utm_term']),
      ...origin(raw),
    },
  ];
}

/** Income of one day and source. */
export function flattenRevenue(raw: RawRecord): readonly StagingRow[] {
  return [
    {
      ...texts(raw, ['day', 'source', 'currency']),
      amount: money(raw, 'amount'),
      ...origin(raw),
    },
  ];
}

/** One conversion away from the web. */
export function flattenOfflineConversion(raw: RawRecord): readonly StagingRow[] {
  return [
    {
      ...texts(raw, ['source', 'day', 'conversion_id', 'event', 'campaign_id', 'campaign']),
      ...texts(raw, ['click_id', 'channel', 'currency', 'person_key']),
      ...moment(raw, 'converted_at'),
      value: money(raw, 'value'),
      ...origin(raw),
    },
  ];
}

/** One contact of a person with a channel. */
export function flattenTouchpoint(raw: RawRecord): readonly StagingRow[] {
  return [
    {
      ...texts(raw, ['source', 'person_key', 'day', 'channel', 'campaign_id', 'campaign']),
      ...moment(raw, 'touched_at'),
      cost: money(raw, 'cost'),
      ...texts(raw, ['currency']),
      ...origin(raw),
    },
  ];
}

function texts(raw: RawRecord, fields: readonly string[]): StagingRow {
  return Object.fromEntries(fields.map((field) => [field, textOf(raw.record, field)]));
}

/** An instant, or null where only the day is known (which then stands in `day`). */
function moment(raw: RawRecord, field: string): StagingRow {
  const text = textOf(raw.record, field);
  return { [field]: text?.includes('T') === true ? text : null };
}

function money(raw: RawRecord, field: string): Cell {
  const text = textOf(raw.record, field);
  return isDecimal(text) ? rounded(text) : text;
}

function origin({ lineage }: RawRecord): StagingRow {
  return {
    timezone: knownOr(lineage.timezone),
    batch_id: lineage.batch_id,
    pulled_on: lineage.pulled_on,
  };
}
