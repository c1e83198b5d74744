import type { Dataset } from '../dataset.ts';
import { type Batch, campaignInScope, readPage } from '../landing/batch.ts';
import { readRecords } from '../landing/page.ts';
import { isDay } from '../window.ts';
import type { Lake } from '../zone.ts';

/** Whether one campaign delivered on one day, as an answer says. */
export interface DayOfCampaign {
  readonly campaign_id: string;
  /** Account day. */
  readonly day: string;
  readonly delivered: boolean;
}

/** What a campaign's own record says, as far as activity needs it. */
export interface CampaignRecord {
  readonly campaign_id: string;
  readonly campaign_name: string | null;
  readonly effective_status: string | null;
  /** Day of `created_time`, which Meta gives in the account's time zone. */
  readonly created: string | null;
  readonly stop_time: string | null;
}

/** What an answer says, and whether it is whole: only a whole answer takes back earlier days. */
export interface Said<Row> {
  readonly rows: readonly Row[];
  readonly isWhole: boolean;
}

/**
 * Campaign days in a batch of campaign insights. Rows outside its scope are not its business. With a
 * row that cannot be read the answer is not whole: what is known stays.
 */
export function daysIn(lake: Lake, dataset: Dataset, batch: Batch): Said<DayOfCampaign> {
  const { records, isWhole } = recordsIn(lake, dataset, batch);
  const read = records.map(dayIn);
  const rows = read
    .filter((row): row is DayOfCampaign => row !== null)
    .filter((row) => isInScope(row, batch));
  return { rows, isWhole: isWhole && !read.includes(null) };
}

/** Campaigns in a batch of campaign entities. */
export function campaignsIn(lake: Lake, dataset: Dataset, batch: Batch): readonly CampaignRecord[] {
  return recordsIn(lake, dataset, batch)
    .records.map(campaignIn)
    .filter((row): row is CampaignRecord => row !== null);
}

type JsonRecord = Readonly<Record<string, unknown>>;

function recordsIn(
  lake: Lake,
  dataset: Dataset,
  batch: Batch,
): { readonly records: readonly JsonRecord[]; readonly isWhole: boolean } {
  const records: JsonRecord[] = [];
  let isWhole = batch.scope.complete;
  for (const page of batch.pages) {
    const bytes = readPage(lake, dataset, { batch, page });
    const read = bytes === null ? null : pageRecords(dataset, batch, bytes);
    if (read === null) isWhole = false;
    else records.push(...read);
  }
  return { records, isWhole };
}

/** Pages of the API are read at once; what somebody saved may have any of several shapes. */
function pageRecords(dataset: Dataset, batch: Batch, bytes: Buffer): readonly JsonRecord[] | null {
  if (batch.source === 'api') {
    const data = (parse(bytes.toString('utf8')) as { readonly data?: unknown } | null)?.data;
    return Array.isArray(data) ? (data as readonly unknown[]).filter(isRecord) : null;
  }
  const content = readRecords(dataset, bytes);
  return content.ok ? content.records.map(parse).filter(isRecord) : null;
}

function dayIn(record: JsonRecord): DayOfCampaign | null {
  const { campaign_id: campaign, date_start: day, impressions, spend } = record;
  if (typeof campaign !== 'string' || typeof day !== 'string' || !isDay(day)) return null;
  return { campaign_id: campaign, day, delivered: isPositive(impressions) || isPositive(spend) };
}

function campaignIn(record: JsonRecord): CampaignRecord | null {
  if (typeof record.id !== 'string') return null;
  const created = textOf(record.created_time)?.slice(0, 10) ?? '';
  return {
    campaign_id: record.id,
    campaign_name: textOf(record.name),
    effective_status: textOf(record.effective_status),
    created: isDay(created) ? created : null,
    stop_time: textOf(record.stop_time),
  };
}

function isInScope(row: DayOfCampaign, batch: Batch): boolean {
  const { since, until, campaigns } = batch.scope;
  const isWithin = (since === null || row.day >= since) && (until === null || row.day <= until);
  return isWithin && campaignInScope(campaigns, row.campaign_id);
}

function isPositive(value: unknown): boolean {
  return typeof value === 'string' && Number(value) > 0;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
