import type { Dataset } from '../dataset.ts';
import { hashOf } from '../file.ts';
import { type Batch, type BatchHead, landBatch, listBatches } from '../landing/batch.ts';
import type { Lake } from '../zone.ts';
import type { AccountPart } from './account-parts.ts';
import { REPORT_DATASETS } from './datasets.ts';
import type { Understanding } from './understand.ts';

/** What became of one account's rows of a file. */
export interface LandedPart {
  readonly part: AccountPart;
  /** Null: a file of the same bytes, read the same way, has landed before. */
  readonly batch: Batch | null;
}

/** Lands files, and knows which have landed already. Lives as long as one import. */
export class Importer {
  private readonly lake: Lake;
  /** What has landed, by dataset and account: bytes and reading. */
  private readonly landed: Map<string, Set<string>> = new Map();

  constructor(lake: Lake) {
    this.lake = lake;
  }

  /**
   * Lands a file that was understood, as it is: one batch for each of its accounts. It withdraws
   * nothing, since an export may be filtered. `now` is an instant in UTC.
   */
  land(file: Understanding, now: string): readonly LandedPart[] {
    return file.accounts.map((part) => {
      const dataset = datasetOf(file.mapping.platform);
      const known = this.landedOf(dataset, part.accountId);
      const print = printOf(file.file.bytes, part, file.currency);
      if (known.has(print)) return { part, batch: null };
      known.add(print);
      return { part, batch: landPart(this.lake, dataset, { file, part, now }) };
    });
  }

  private landedOf(dataset: Dataset, accountId: string): Set<string> {
    const name = `${dataset.name}/${accountId}`;
    const known = this.landed.get(name);
    if (known !== undefined) return known;
    const batches = listBatches(this.lake, dataset, accountId);
    const prints = new Set(batches.map((batch) => printOfBatch(batch)));
    this.landed.set(name, prints);
    return prints;
  }
}

/** The dataset that a platform's exports go into. */
export function datasetOf(platform: string): Dataset {
  const dataset = REPORT_DATASETS.find((one) => one.platform === platform);
  if (dataset === undefined) throw new Error(`no dataset of ${platform}`);
  return dataset;
}

function printOf(bytes: Buffer, part: AccountPart, currency: string | null): string {
  return printText(hashOf(bytes), part.reading, currency);
}

function printOfBatch(batch: Batch): string {
  return printText(batch.pages[0]?.sha256 ?? '', batch.reading, batch.currency);
}

/** The same bytes read the same way; the name a file has today does not matter. */
function printText(sha256: string, reading: Batch['reading'], currency: string | null): string {
  const { file_name, ...rest } = reading ?? { file_name: '' };
  return JSON.stringify([sha256, rest, currency]);
}

function landPart(
  lake: Lake,
  dataset: Dataset,
  of: { readonly file: Understanding; readonly part: AccountPart; readonly now: string },
): Batch {
  const { file, part, now } = of;
  const head: BatchHead = {
    dataset: dataset.name,
    account_id: part.accountId,
    object_id: null,
    source: 'import',
    scope: {
      since: part.since,
      until: part.until,
      campaigns: { kind: 'all' },
      complete: false,
    },
    today: file.pulledOn,
    api_version: null,
    request: { file: part.reading.file_name },
    timezone: file.timezone,
    currency: file.currency,
    reading: part.reading,
  };
  const page = { bytes: file.file.bytes, rows: part.rows, extension: extensionOf(file) };
  return landBatch(lake, dataset, { head, pages: [page], now });
}

/** By what a file is, whatever its name says. */
function extensionOf({ layout }: Understanding): string {
  if (layout.format === 'xlsx') return 'xlsx';
  return layout.isGzip ? `${layout.format}.gz` : layout.format;
}
