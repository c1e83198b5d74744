import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import { flawOfBatch } from '../batch-shape.ts';
import { type Dataset, modeOf } from '../dataset.ts';
import { AdlakeError } from '../errors.ts';
import {
  hashOf,
  listFolders,
  readIfThere,
  syncFolder,
  temporaryBeside,
  writeAtomically,
} from '../file.ts';
import type { Reading } from '../imports/reading.ts';
import { batchDir, type Lake, landingDir, zoneDir } from '../zone.ts';

/** Which campaigns an answer speaks of. Rows of all others are none of its business. */
export type CampaignScope =
  | { readonly kind: 'all' }
  | { readonly kind: 'in'; readonly ids: readonly string[] }
  | { readonly kind: 'not_in'; readonly ids: readonly string[] };

/** What a batch asked for: exactly what it may replace in raw, and no more. */
export interface Scope {
  /** First and last day asked for, inclusive, the account's own days; null for datasets without days. */
  readonly since: string | null;
  readonly until: string | null;
  readonly campaigns: CampaignScope;
  /**
   * True when the answer is whole: what it asked for and did not get back has been withdrawn.
   * False for pages that somebody saved: they add and replace, and withdraw nothing.
   */
  readonly complete: boolean;
  /** What of it could not be had, although it was asked for; absent when there is nothing. */
  readonly missing?: readonly MissingPart[];
}

/** A part of an answer that Meta did not give, however little of it was asked for at once. */
export interface MissingPart {
  /** The campaigns it belongs to. What is known of them stays, and they are asked for again. */
  readonly campaigns: CampaignScope;
  /** Ad sets and ads of these campaigns it is limited to, where that is known; else all. */
  readonly ad_sets: CampaignScope;
  readonly ads: CampaignScope;
  /** Fields that their rows came without; null: the rows themselves did not come. */
  readonly fields: readonly string[] | null;
  /** Meta's reason. */
  readonly why: string;
}

/** One page of a batch as it lies on disk. */
export interface PageEntry {
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
  /** Records the writer counted in it; null when the page could not be read. */
  readonly rows: number | null;
}

/** Records counted in pages; one that could not be read counts none. */
export function rowsIn(pages: readonly Pick<PageEntry, 'rows'>[]): number {
  return pages.reduce((sum, { rows }) => sum + (rows ?? 0), 0);
}

/**
 * The answer to one request. Written last, as `_batch.json`, beside its pages: a folder without it,
 * or whose pages do not have these hashes, is not there.
 */
export interface Batch {
  readonly batch_id: string;
  readonly dataset: string;
  readonly account_id: string;
  /** The object whose edge was asked, where it is not the account (a pixel); else null. */
  readonly object_id: string | null;
  /** `import`: a file that a person brought, or a job fetched from where there is no platform. */
  readonly source: 'api' | 'captured' | 'correction' | 'import';
  readonly scope: Scope;
  /** The account's own day when the question was asked. */
  readonly today: string;
  /** When the answer had arrived, an instant in UTC with milliseconds. Orders batches in the fold. */
  readonly landed_at: string;
  readonly api_version: string | null;
  /** Request parameters as sent, without the token and without lists of campaign ids (see scope). */
  readonly request: Readonly<Record<string, unknown>>;
  /** IANA name and ISO 4217 code of the account; null when a captured page does not say. */
  readonly timezone: string | null;
  readonly currency: string | null;
  /** How the page is read, where it is a file that somebody exported; else it is not there. */
  readonly reading?: Reading;
  readonly pages: readonly PageEntry[];
}

/** What the writer of a batch knows before the pages are hashed. */
export type BatchHead = Omit<Batch, 'batch_id' | 'pages' | 'landed_at'>;

/** A page to be landed: its bytes (no token in them) and how many records they hold. */
export interface PageBody {
  readonly bytes: Buffer;
  readonly rows: number | null;
  /** How its file's name ends; json when nothing is said. */
  readonly extension?: string;
  /** Name of its file; its number in the batch when nothing is said. */
  readonly file?: string;
}

const BATCH_FILE = '_batch.json';

/**
 * Writes a batch into landing: pages first, `_batch.json` last, all fsynced, so that a batch is
 * whole or not there. `now` is an instant in UTC; the batch is stamped later than every batch the
 * account's dataset already has, so that a clock that goes back cannot reorder history.
 * Throws a disk error as it comes.
 */
export function landBatch(
  lake: Lake,
  dataset: Dataset,
  input: { readonly head: BatchHead; readonly pages: readonly PageBody[]; readonly now: string },
): Batch {
  const draft = new BatchDraft(lake, dataset, input.head.account_id);
  for (const page of input.pages) draft.put(page);
  return draft.land(input.head, input.now);
}

/**
 * Writes a batch that arrived at a time that is known: for one that takes the place of another in the
 * order of arrival. Its name follows from its content.
 */
export function writeBatch(
  lake: Lake,
  dataset: Dataset,
  input: {
    readonly head: BatchHead & Pick<Batch, 'landed_at'>;
    readonly pages: readonly PageBody[];
  },
): Batch {
  const { landed_at, ...head } = input.head;
  const draft = new BatchDraft(lake, dataset, head.account_id);
  for (const page of input.pages) draft.put(page);
  return draft.landAt(head, landed_at);
}

let drafts = 0;

/**
 * A batch that is being written: pages are put on the disk as they come, and are no batch until it
 * lands. What a killed run leaves of it is swept with other unfinished files.
 */
export class BatchDraft {
  private readonly lake: Lake;
  private readonly dataset: Dataset;
  private readonly accountId: string;
  private readonly folder: string;
  private entries: PageEntry[] = [];

  constructor(lake: Lake, dataset: Dataset, accountId: string) {
    this.lake = lake;
    this.dataset = dataset;
    this.accountId = accountId;
    drafts++;
    const beside = join(landingDir(lake, dataset, accountId), `answer-${drafts}`);
    this.folder = temporaryBeside(beside);
  }

  /** Records counted in its pages so far. */
  get rows(): number {
    return rowsIn(this.entries);
  }

  /** Pages put so far. */
  get pages(): number {
    return this.entries.length;
  }

  /** Adds a page, fsynced. Throws a disk error as it comes. */
  put(page: PageBody): void {
    const entry = entryOf(page, this.entries.length);
    writeAtomically(join(this.folder, entry.file), page.bytes, modeOf(this.dataset));
    this.entries.push(entry);
  }

  /** Takes back the pages after the first `keep`: they are no part of the answer. */
  cut(keep: number): void {
    for (const entry of this.entries.splice(keep)) {
      rmSync(join(this.folder, entry.file), { force: true });
    }
  }

  /** Removes what was written. */
  discard(): void {
    this.entries = [];
    rmSync(this.folder, { force: true, recursive: true });
  }

  /** Makes it a batch, as `landBatch` says. The draft is over then. */
  land(head: BatchHead, now: string): Batch {
    const folder = landingDir(this.lake, this.dataset, this.accountId);
    return this.landAt(head, laterThanLast(folder, now));
  }

  /**
   * Makes it a batch that arrived at a time that is known. One of the same name is the same batch: it
   * is kept when it is whole, and replaced when it was left unfinished.
   */
  landAt(head: BatchHead, landedAt: string): Batch {
    const { lake, dataset, entries: pages } = this;
    const content = hashOf(Buffer.from(JSON.stringify([head, pages])));
    const batchId = `${landedAt.replaceAll(/[-:.]/g, '')}-${content.slice(0, 8)}`;
    const batch: Batch = { ...head, batch_id: batchId, landed_at: landedAt, pages };
    const folder = batchDir(lake, dataset, batch);
    if (existsSync(join(folder, BATCH_FILE))) {
      this.discard();
      return batch;
    }
    rmSync(folder, { force: true, recursive: true });
    mkdirSync(this.folder, { recursive: true });
    renameSync(this.folder, folder);
    syncFolder(dirname(folder));
    const description = Buffer.from(`${JSON.stringify(batch, null, 2)}\n`);
    writeAtomically(join(folder, BATCH_FILE), description, modeOf(dataset));
    return batch;
  }
}

/** Account ids (digits) that have landing folders for the dataset, sorted. */
export function accountsLanded(lake: Lake, dataset: Dataset): readonly string[] {
  return listFolders(join(zoneDir(lake, 'landing'), dataset.platform, dataset.name))
    .filter((name) => name.startsWith('account_id='))
    .map((name) => name.slice('account_id='.length));
}

/**
 * Every finished batch of one dataset and account, oldest first (by `landed_at`, then id). Folders
 * without a readable `_batch.json` are unfinished and left out. Page hashes are checked by
 * `readPage`, when a page is needed.
 */
export function listBatches(lake: Lake, dataset: Dataset, accountId: string): readonly Batch[] {
  const folder = landingDir(lake, dataset, accountId);
  return listFolders(folder)
    .filter((name) => !name.startsWith('.'))
    .map((name) => readBatchIn(join(folder, name)))
    .filter((batch): batch is Batch => batch !== null)
    .sort(byArrival);
}

/** The batch in a folder, or null when it is not finished. Throws `FILE_UNREADABLE`. */
export function readBatchIn(folder: string): Batch | null {
  return readBatch(join(folder, BATCH_FILE));
}

/** The bytes of one page, or null when they are not those the batch says (missing or changed). */
export function readPage(
  lake: Lake,
  dataset: Dataset,
  at: { readonly batch: Batch; readonly page: PageEntry },
): Buffer | null {
  const bytes = readIfThere(join(batchDir(lake, dataset, at.batch), at.page.file));
  return bytes !== null && hashOf(bytes) === at.page.sha256 ? bytes : null;
}

/** True when the scope speaks of rows of this campaign; a row without a campaign needs scope `all`. */
export function campaignInScope(scope: CampaignScope, campaignId: string | null): boolean {
  if (scope.kind === 'all') return true;
  if (campaignId === null) return false;
  const named = scope.ids.includes(campaignId);
  return scope.kind === 'in' ? named : !named;
}

type Arrived = Pick<Batch, 'landed_at' | 'batch_id'>;

/** Fold order: by arrival, then by id. */
export function byArrival(left: Arrived, right: Arrived): number {
  if (left.landed_at !== right.landed_at) return left.landed_at < right.landed_at ? -1 : 1;
  return left.batch_id < right.batch_id ? -1 : Number(left.batch_id > right.batch_id);
}

function entryOf(page: PageBody, index: number): PageEntry {
  return {
    file: pageName(page, index),
    sha256: hashOf(page.bytes),
    bytes: page.bytes.length,
    rows: page.rows,
  };
}

function pageName(page: PageBody, index: number): string {
  return page.file ?? `page-${String(index + 1).padStart(5, '0')}.${page.extension ?? 'json'}`;
}

function laterThanLast(folder: string, now: string): string {
  const last = listFolders(folder).at(-1)?.split('-')[0];
  const stamp = now.replaceAll(/[-:.]/g, '');
  if (last === undefined || last.startsWith('.') || stamp > last) return now;
  return nextMillisecond(last);
}

function nextMillisecond(stamp: string): string {
  const iso = stamp.replace(
    /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})(\d{3})Z$/,
    '$1-$2-$3T$4:$5:$6.$7Z',
  );
  return Temporal.Instant.from(iso)
    .add({ milliseconds: 1 })
    .toString({ smallestUnit: 'millisecond' });
}

function readBatch(path: string): Batch | null {
  const bytes = readIfThere(path);
  if (bytes === null) return null;
  const value = jsonIn(bytes);
  const flaw = value === undefined ? 'is not JSON' : flawOfBatch(value);
  if (flaw === null) return value as Batch;
  throw new AdlakeError({
    code: 'FILE_UNREADABLE',
    message: `${path} ${flaw}, so the batch it describes cannot be read.`,
    remedy: 'Restore the file from a backup, or move its folder out of landing and pull again.',
  });
}

/** Undefined for what is no JSON. */
function jsonIn(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
