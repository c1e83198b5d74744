import { Temporal } from 'temporal-polyfill';
import type { CampaignScope } from '../../landing/batch.ts';
import { addDays, type Window } from '../../window.ts';
import type { InsightLevel, MetaDataset } from './datasets.ts';
import {
  AD_SET_STATUSES,
  AD_STATUSES,
  ATTRIBUTION_WINDOWS,
  CAMPAIGN_STATUSES,
  fieldsOf,
  statusesOf,
} from './fields.ts';
import { OBJECT_LIMITS } from './object-fields.ts';

/** Rows asked for per page; halved when the API says that is too much. Meta names no maximum. */
export const PAGE_LIMIT = 500;

const MILLISECONDS_PER_SECOND = 1000;

/** A GET of the Marketing API: path below the version, and parameters (never a token). */
export interface MetaQuery {
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
}

/** One question to Meta whose whole answer becomes one batch. */
export interface Question {
  readonly dataset: MetaDataset;
  /** Digits, without `act_`. */
  readonly accountId: string;
  /** The pixel asked about; null where it is the account itself. */
  readonly objectId: string | null;
  /** Account days, both inclusive; null for datasets without days. */
  readonly window: Window | null;
  readonly campaigns: CampaignScope;
  /** IANA name: pixel statistics and the change log are asked by instants of the account's days. */
  readonly timezone: string | null;
  /** What of it is asked for now, where all of it at once is too much. */
  readonly part?: QuestionPart;
}

/** Objects and fields that a request is narrowed to; `fields` null: all that the dataset has. */
export interface QuestionPart {
  readonly adSets: CampaignScope;
  readonly ads: CampaignScope;
  readonly fields: readonly string[] | null;
}

/** The request that asks the question. Pixel statistics need `objectId`, `window` and `timezone`. */
export function queryOf(question: Question): MetaQuery {
  const { request } = question.dataset;
  switch (request.kind) {
    case 'account':
      return { path: `act_${question.accountId}`, params: { fields: fieldText(question.dataset) } };
    case 'entity':
      return {
        path: `act_${question.accountId}/${request.edge}`,
        params: {
          fields: fieldText(question.dataset),
          effective_status: JSON.stringify(statusesOf(request.edge)),
          limit: String(PAGE_LIMIT),
        },
      };
    case 'object': {
      const limit = String(OBJECT_LIMITS[request.edge]);
      const params = { fields: fieldText(question.dataset), limit };
      return { path: `act_${question.accountId}/${request.edge}`, params };
    }
    case 'activities':
      return { path: `act_${question.accountId}/activities`, params: activityParams(question) };
    case 'insights':
      return { path: `act_${question.accountId}/insights`, params: insightParams(question) };
    case 'pixel_stats':
      if (question.objectId === null) return pixelListQuery(question.accountId);
      return { path: `${question.objectId}/stats`, params: pixelParams(question) };
  }
}

/** The request that lists the account's pixels. Its answer is not kept. */
export function pixelListQuery(accountId: string): MetaQuery {
  return {
    path: `act_${accountId}/adspixels`,
    params: { fields: 'id,name', limit: String(PAGE_LIMIT) },
  };
}

/**
 * What `_batch.json` keeps of the request: path and parameters as sent, lists and objects readable,
 * without lists of campaign ids (they are the batch's scope).
 */
export function describeQuery(query: MetaQuery): Readonly<Record<string, unknown>> {
  const params = Object.entries(query.params).map(([name, value]) => [name, readable(name, value)]);
  return { path: query.path, ...Object.fromEntries(params) };
}

/** The question in words, for progress and errors. */
export function questionLabel(question: Question): string {
  const { window, campaigns } = question;
  const days = window === null ? '' : ` ${window.since} to ${window.until}`;
  const count = campaigns.kind === 'in' ? `, ${campaigns.ids.length} named campaigns` : '';
  const object = question.objectId === null ? '' : ` of pixel ${question.objectId}`;
  return `${question.dataset.name}${object}${days}${count}, account ${question.accountId}`;
}

function insightParams(question: Question): Readonly<Record<string, string>> {
  const { request } = question.dataset;
  if (request.kind !== 'insights') return {};
  const filters = filtersOf(question, request.level);
  return {
    level: request.level,
    fields: question.part?.fields?.join(',') ?? fieldText(question.dataset),
    time_increment: '1',
    time_range: JSON.stringify(question.window),
    ...(request.breakdowns.length > 0 ? { breakdowns: request.breakdowns.join(',') } : {}),
    action_attribution_windows: JSON.stringify(ATTRIBUTION_WINDOWS),
    ...(filters.length > 0 ? { filtering: JSON.stringify(filters) } : {}),
    limit: String(PAGE_LIMIT),
  };
}

/**
 * A request with any filter leaves out archived and deleted objects without saying so, unless it
 * names their status (Meta, Insights guide: "status filtering is applied by default").
 */
function filtersOf(question: Question, level: InsightLevel): readonly object[] {
  if (level === 'account') return [];
  const filters = [
    ...idFilter('campaign.id', question.campaigns),
    ...idFilter('adset.id', question.part?.adSets ?? { kind: 'all' }),
    ...idFilter('ad.id', question.part?.ads ?? { kind: 'all' }),
  ];
  if (filters.length === 0) return [];
  return [
    ...filters,
    { field: `${level}.effective_status`, operator: 'IN', value: STATUSES[level] },
  ];
}

function idFilter(field: string, scope: CampaignScope): readonly object[] {
  if (scope.kind === 'all') return [];
  return [{ field, operator: scope.kind === 'in' ? 'IN' : 'NOT_IN', value: scope.ids }];
}

const STATUSES: Readonly<Record<Exclude<InsightLevel, 'account'>, readonly string[]>> = {
  campaign: CAMPAIGN_STATUSES,
  adset: AD_SET_STATUSES,
  ad: AD_STATUSES,
};

/** Both ends belong to it: the log of the whole last day, to its last second. */
function activityParams(question: Question): Readonly<Record<string, string>> {
  const { window, timezone } = question;
  const fields = { fields: fieldText(question.dataset), limit: String(PAGE_LIMIT) };
  if (window === null || timezone === null) return fields;
  return {
    ...fields,
    since: String(startOfDay(window.since, timezone)),
    until: String(startOfDay(addDays(window.until, 1), timezone) - 1),
  };
}

function pixelParams(question: Question): Readonly<Record<string, string>> {
  const { window, timezone } = question;
  if (window === null || timezone === null) return { aggregation: 'event' };
  return {
    aggregation: 'event',
    start_time: String(startOfDay(window.since, timezone)),
    end_time: String(startOfDay(addDays(window.until, 1), timezone)),
    limit: String(PAGE_LIMIT),
  };
}

/** Unix seconds of the first instant of the account's day, whatever the daylight saving does. */
function startOfDay(day: string, timezone: string): number {
  const start = Temporal.PlainDate.from(day).toZonedDateTime(timezone);
  return start.epochMilliseconds / MILLISECONDS_PER_SECOND;
}

function fieldText(dataset: MetaDataset): string {
  return fieldsOf(dataset).join(',');
}

function readable(name: string, value: string): unknown {
  if (name === 'fields' || name === 'breakdowns') return value.split(',');
  if (name === 'filtering') return (JSON.parse(value) as readonly Filter[]).map(withoutIds);
  return value.startsWith('[') || value.startsWith('{') ? (JSON.parse(value) as unknown) : value;
}

interface Filter {
  readonly field: string;
  readonly operator: string;
  readonly value: unknown;
}

function withoutIds(filter: Filter): object {
  const { field, operator } = filter;
  return ID_FIELDS.has(field) ? { field, operator, value: 'see scope.campaigns' } : filter;
}

const ID_FIELDS: ReadonlySet<string> = new Set(['campaign.id', 'adset.id', 'ad.id']);
