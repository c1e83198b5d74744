import { copyFileSync, linkSync, mkdirSync, readdirSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { AdlakeError } from '../errors.ts';
import { listFiles, listFolders } from '../file.ts';
import { readBatchIn } from '../landing/batch.ts';
import { type Lake, zoneDir } from '../zone.ts';

/** What a lake is cut back to. */
export interface AsofInput {
  /** The last day, inclusive: each ad account's own. */
  readonly day: string;
  /** An instant in UTC: answers that landed later are left out, too. */
  readonly landedUntil?: string;
  /** Home of the lake that is made: a folder that is empty or not there. */
  readonly into: string;
  /** Account ids (digits); all of them when absent. */
  readonly accounts?: readonly string[];
}

/** What a lake that was cut back holds. */
export interface AsofLake {
  readonly lake: Lake;
  /** Answers that had been asked for by then, and later ones, which are left out. */
  readonly answers: number;
  readonly later: number;
  /** Account day of the oldest answer of all; null when there is none. */
  readonly firstDay: string | null;
  /** Files that a person dropped, by path within landing: they carry no day, so all are there. */
  readonly dropped: readonly string[];
}

/**
 * Makes a lake of what had been asked for on or before a day: the same files of landing, linked where
 * the disk can and copied else, and nothing made of them yet. The lake itself is not touched. Throws
 * `USAGE` when the place for it is in use or within the zones.
 */
export function cutBack(lake: Lake, input: AsofInput): AsofLake {
  checkPlace(lake, input.into);
  const landing = zoneDir(lake, 'landing');
  const made: Lake = { home: resolve(input.into) };
  const tally: Tally = { answers: 0, later: 0, firstDay: null, dropped: [] };
  for (const folder of foldersBelow(landing)) {
    const name = relative(landing, folder);
    if (!isChosen(name, input.accounts)) continue;
    if (isTaken(folder, input, tally)) {
      takeFiles(folder, join(zoneDir(made, 'landing'), name), tally, name);
    }
  }
  return { lake: made, ...tally };
}

interface Tally {
  answers: number;
  later: number;
  firstDay: string | null;
  readonly dropped: string[];
}

/** Whether what lies in the folder was known: an answer by its day, anything else always. */
function isTaken(folder: string, { day, landedUntil }: AsofInput, tally: Tally): boolean {
  const isBatch = listFiles(folder).includes('_batch.json');
  const batch = isBatch ? readBatchIn(folder) : null;
  if (batch === null) return true;
  if (tally.firstDay === null || batch.today < tally.firstDay) tally.firstDay = batch.today;
  const isLater = batch.today > day || batch.landed_at > (landedUntil ?? batch.landed_at);
  if (isLater) {
    tally.later++;
    return false;
  }
  tally.answers++;
  return true;
}

function takeFiles(from: string, to: string, tally: Tally, name: string): void {
  const files = listFiles(from);
  if (files.length === 0) return;
  const isBatch = files.includes('_batch.json');
  mkdirSync(to, { recursive: true });
  for (const file of files) {
    linkOrCopy(join(from, file), join(to, file));
    if (!isBatch && name !== '') tally.dropped.push(`${name.split(sep).join('/')}/${file}`);
  }
}

/** Landing is never edited, so two names of one file are as good as two files. */
function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}

function isChosen(name: string, accounts: readonly string[] | undefined): boolean {
  const account = /(?:^|[\\/])account_id=(\d+)(?:[\\/]|$)/.exec(name)?.[1];
  return account === undefined || (accounts?.includes(account) ?? true);
}

/** The folder and all folders below it, parents first. */
function foldersBelow(folder: string): readonly string[] {
  return [folder, ...listFolders(folder).flatMap((name) => foldersBelow(join(folder, name)))];
}

function checkPlace(lake: Lake, into: string): void {
  const place = resolve(into);
  const zones = resolve(lake.home, 'zones');
  const isWithin = place === resolve(lake.home) || `${place}${sep}`.startsWith(`${zones}${sep}`);
  if (!isWithin && !isUsed(place)) return;
  throw new AdlakeError({
    code: 'USAGE',
    message: isWithin
      ? `${into} belongs to the lake itself, which is left as it is.`
      : `${into} is not empty.`,
    remedy: 'Give --out a new folder outside of zones.',
  });
}

function isUsed(folder: string): boolean {
  try {
    return readdirSync(folder).length > 0;
  } catch (error) {
    return (error as { code?: string }).code !== 'ENOENT';
  }
}
