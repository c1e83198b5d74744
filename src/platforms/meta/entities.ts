import { instantOf } from '../../instant.ts';
import { memberOf } from '../../json.ts';
import type { StagingRow } from '../../staging/row.ts';
import { digitsOf, knownOr, objectOf, type RawRecord, textOf } from '../../staging/row.ts';
import { majorUnits, majorUnitsOrNone } from './budget.ts';
import { audiencesOf } from './targeting.ts';

/** A campaign as last seen: budgets in major units, times in UTC. */
export function flattenCampaign(raw: RawRecord): readonly StagingRow[] {
  const text = (name: string): string | null => textOf(raw.record, name);
  const currency = knownOr(raw.lineage.currency);
  return [
    {
      account_id: raw.accountId,
      campaign_id: text('id'),
      campaign_name: text('name'),
      objective: text('objective'),
      status: text('status'),
      effective_status: text('effective_status'),
      buying_type: text('buying_type'),
      bid_strategy: text('bid_strategy'),
      ...budgetsOf(raw),
      spend_cap: majorUnitsOrNone(digitsOf(raw.record, 'spend_cap'), currency),
      currency,
      special_ad_categories: jsonOf(raw, 'special_ad_categories'),
      stop_time: instantOf(text('stop_time')),
      ...timesOf(raw),
    },
  ];
}

/** An ad set as last seen. */
export function flattenAdSet(raw: RawRecord): readonly StagingRow[] {
  const text = (name: string): string | null => textOf(raw.record, name);
  const currency = knownOr(raw.lineage.currency);
  return [
    {
      account_id: raw.accountId,
      campaign_id: text('campaign_id'),
      ad_set_id: text('id'),
      ad_set_name: text('name'),
      status: text('status'),
      effective_status: text('effective_status'),
      optimization_goal: text('optimization_goal'),
      billing_event: text('billing_event'),
      bid_strategy: text('bid_strategy'),
      bid_amount: majorUnits(digitsOf(raw.record, 'bid_amount'), currency),
      ...budgetsOf(raw),
      currency,
      destination_type: text('destination_type'),
      attribution_spec: jsonOf(raw, 'attribution_spec'),
      promoted_object: jsonOf(raw, 'promoted_object'),
      targeting: jsonOf(raw, 'targeting'),
      ...audienceColumns(raw),
      end_time: instantOf(text('end_time')),
      ...timesOf(raw),
    },
  ];
}

/** An ad as last seen. */
export function flattenAd(raw: RawRecord): readonly StagingRow[] {
  const text = (name: string): string | null => textOf(raw.record, name);
  return [
    {
      account_id: raw.accountId,
      campaign_id: text('campaign_id'),
      ad_set_id: text('adset_id'),
      ad_id: text('id'),
      ad_name: text('name'),
      status: text('status'),
      effective_status: text('effective_status'),
      creative_id: textOf(objectOf(raw.record, 'creative'), 'id'),
      created_time: instantOf(text('created_time')),
      updated_time: instantOf(text('updated_time')),
      pulled_on: raw.lineage.pulled_on,
    },
  ];
}

/** An ad account as last seen. */
export function flattenAccount(raw: RawRecord): readonly StagingRow[] {
  const { record } = raw;
  const currency = textOf(record, 'currency') ?? knownOr(raw.lineage.currency);
  const business = objectOf(record, 'business');
  return [
    {
      account_id: raw.accountId,
      account_name: textOf(record, 'name'),
      currency,
      timezone_name: textOf(record, 'timezone_name') ?? knownOr(raw.lineage.timezone),
      account_status: digitsOf(record, 'account_status'),
      amount_spent: majorUnits(digitsOf(record, 'amount_spent'), currency),
      balance: majorUnits(digitsOf(record, 'balance'), currency),
      spend_cap: majorUnitsOrNone(digitsOf(record, 'spend_cap'), currency),
      created_time: instantOf(textOf(record, 'created_time')),
      business_id: textOf(business, 'id'),
      business_name: textOf(business, 'name') ?? textOf(record, 'business_name'),
      pulled_on: raw.lineage.pulled_on,
    },
  ];
}

/** A budget sits on the campaign or on its ad sets; the API sends 0 or nothing for the unused ones. */
function budgetsOf(raw: RawRecord): StagingRow {
  const currency = knownOr(raw.lineage.currency);
  const minor = (name: string): string | null => digitsOf(raw.record, name);
  return {
    daily_budget: majorUnitsOrNone(minor('daily_budget'), currency),
    lifetime_budget: majorUnitsOrNone(minor('lifetime_budget'), currency),
    budget_remaining: majorUnits(minor('budget_remaining'), currency),
  };
}

function timesOf(raw: RawRecord): StagingRow {
  return {
    start_time: instantOf(textOf(raw.record, 'start_time')),
    created_time: instantOf(textOf(raw.record, 'created_time')),
    updated_time: instantOf(textOf(raw.record, 'updated_time')),
    pulled_on: raw.lineage.pulled_on,
  };
}

/** Ids with commas between, NULL where none is named. */
function audienceColumns(raw: RawRecord): StagingRow {
  const { included, excluded } = audiencesOf(objectOf(raw.record, 'targeting'));
  return {
    custom_audience_ids: included.length > 0 ? included.join(',') : null,
    excluded_custom_audience_ids: excluded.length > 0 ? excluded.join(',') : null,
  };
}

/** A member's own text: parsing would round long numbers in it. */
function jsonOf(raw: RawRecord, name: string): string | null {
  if (!Object.hasOwn(raw.record, name) || raw.record[name] === null) return null;
  return memberOf(raw.text, name) ?? null;
}
