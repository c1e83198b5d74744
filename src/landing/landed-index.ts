import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { openCache, sealCache } from '../cache-body.ts';
import type { Dataset } from '../dataset.ts';
import { readIfThere, writeAtomically } from '../file.ts';
import { folderPrint } from '../task/folder-print.ts';
import { cacheFile, type Lake, landingDir } from '../zone.ts';
import { type Batch, byArrival, readBatchIn } from './batch.ts';

/** What planning needs to know of a finished batch. */
export interface BatchNote {
  /** Its folder's name: what `_batch.json` is read from. */
  readonly folder: string;
  readonly batch_id: string;
  readonly landed_at: string;
  /** Days asked for, inclusive; null for datasets without days. */
  readonly since: string | null;
  readonly until: string | null;
  /** Size of its pages together. */
  readonly bytes: number;
}

/** What is known of one account's folder of a dataset. */
interface Shelf {
  /** The folder's inode and times when it was listed; empty when it must be listed again. */
  readonly print: string;
  readonly notes: readonly BatchNote[];
}

interface Index {
  readonly shelves: Map<string, Shelf>;
  isDirty: boolean;
}

const FORMAT = 3;

const indexes = new WeakMap<Lake, Map<string, Index>>();

/**
 * Every finished batch of one dataset and account, oldest first. A folder that was not changed since
 * it was listed costs one `stat`; in a changed one only batches that are new are read, because
 * batches never change. Throws `FILE_UNREADABLE` like `listBatches`.
 */
export function landedNotes(lake: Lake, dataset: Dataset, accountId: string): readonly BatchNote[] {
  const index = indexOf(lake, dataset);
  const folder = landingDir(lake, dataset, accountId);
  const print = folderPrint(folder);
  const known = index.shelves.get(accountId);
  if (print === null) return [];
  if (known !== undefined && known.print !== '' && known.print === print) return known.notes;
  const shelf = listShelf(folder, { print, known: known?.notes ?? [] });
  index.shelves.set(accountId, shelf);
  index.isDirty = true;
  return shelf.notes;
}

/**
 * True when what `landedNotes` listed stays the whole of it as long as the folder has the same print: it was
 * not changed just now, and no batch in it is unfinished.
 */
export function isListingKept(lake: Lake, dataset: Dataset, accountId: string): boolean {
  return (indexOf(lake, dataset).shelves.get(accountId)?.print ?? '') !== '';
}

/** Writes what was listed to `cache/landing/`, which may be deleted at any time. */
export function saveLandingIndex(lake: Lake): void {
  for (const [name, index] of indexes.get(lake) ?? []) {
    if (!index.isDirty) continue;
    const shelves = [...index.shelves].map(([account, { print, notes }]) => [
      account,
      print,
      notes.map((note) => [
        note.folder === note.batch_id ? '' : note.folder,
        note.batch_id,
        note.landed_at,
        note.since,
        note.until,
        note.bytes,
      ]),
    ]);
    writeAtomically(indexFile(lake, name), sealCache(FORMAT, shelves));
    index.isDirty = false;
  }
}

function listShelf(
  folder: string,
  from: { readonly print: string; readonly known: readonly BatchNote[] },
): Shelf {
  const known = new Map(from.known.map((note) => [note.folder, note]));
  const notes: BatchNote[] = [];
  let isWhole = true;
  for (const name of foldersIn(folder)) {
    const note = known.get(name) ?? noteOf(name, readBatchIn(join(folder, name)));
    if (note === null) isWhole = false;
    else notes.push(note);
  }
  return { print: isWhole ? from.print : '', notes: notes.sort(byArrival) };
}

function foldersIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map((entry) => entry.name);
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return [];
    throw error;
  }
}

function noteOf(folder: string, batch: Batch | null): BatchNote | null {
  if (batch === null) return null;
  const { batch_id, landed_at, scope } = batch;
  const bytes = batch.pages.reduce((sum, page) => sum + page.bytes, 0);
  return { folder, batch_id, landed_at, since: scope.since, until: scope.until, bytes };
}

function indexOf(lake: Lake, dataset: Dataset): Index {
  const ofLake = indexes.get(lake) ?? new Map<string, Index>();
  indexes.set(lake, ofLake);
  const index = ofLake.get(dataset.name) ?? readIndex(indexFile(lake, dataset.name));
  ofLake.set(dataset.name, index);
  return index;
}

function indexFile(lake: Lake, datasetName: string): string {
  return cacheFile(lake, 'landing', `${datasetName}.json`);
}

type NoteTuple = readonly [string, string, string, string | null, string | null, number];

function readIndex(path: string): Index {
  const shelves = openCache(readIfThere(path), FORMAT) as ReadonlyArray<
    readonly [account: string, print: string, notes: readonly NoteTuple[]]
  > | null;
  const known = (shelves ?? []).map(
    ([account, print, notes]) => [account, { print, notes: notes.map(toNote) }] as const,
  );
  return { shelves: new Map(known), isDirty: false };
}

function toNote([name, batch_id, landed_at, since, until, bytes]: NoteTuple): BatchNote {
  return { folder: name === '' ? batch_id : name, batch_id, landed_at, since, until, bytes };
}
