import { openCache, sealCache } from '../cache-body.ts';
import { hashOf, readIfThere, writePrivately } from '../file.ts';
import { statePrint } from '../state.ts';
import { cacheFile, type Lake } from '../zone.ts';
import { folderPrint } from './folder-print.ts';

/** What findings rest on, beside the folders that each of them was found in. */
export interface Ground {
  /** Unique among grounds. */
  readonly name: string;
  /** Whatever else would change what is found: versions of code, contracts. */
  readonly basis: string;
  /** Shelves of the memory of tasks that were asked. */
  readonly shelves: readonly string[];
}

/** What was found in a place: how many tasks there are, none of them to be done, or a hash. */
export type Finding = number | string;

/** What was found on one ground, by place. */
export interface Findings {
  /** What was found there when it had this print; null when that is not known. */
  readonly recall: (place: string, print: string | null) => Finding | null;
  /** Keeps what was found, or forgets it (null). Without a print nothing is kept. */
  readonly keep: (place: string, print: string | null, found: Finding | null) => void;
}

/**
 * What planning found in places where nothing was to be done, in `cache/tasks/unchanged.json`: as long
 * as a place has the same print, and its ground is the same, the same would be found again. Losing it
 * costs time: everything is planned.
 */
export interface Unchanged {
  readonly on: (ground: Ground) => Findings;
  /** To be called after the memory of tasks was saved: findings rest on what it is then. */
  readonly save: () => void;
}

/** The findings on a ground, and the hash of what they rest on. */
interface Shelf {
  readonly rest: string | null;
  readonly found: Map<string, readonly [print: string, found: Finding]>;
}

interface Open extends Shelf {
  readonly ground: Ground;
  isDirty: boolean;
}

const FORMAT = 1;

/** Opens the memory. A file that cannot be read, or of another format, is as good as none. */
export function openUnchanged(lake: Lake): Unchanged {
  const stored = readShelves(lake);
  const opened = new Map<string, Open>();
  const open = (ground: Ground): Open => {
    const known = opened.get(ground.name) ?? openShelf(lake, ground, stored.get(ground.name));
    opened.set(ground.name, known);
    return known;
  };
  return {
    on: (ground) => findingsIn(open(ground)),
    save: () => {
      let isDirty = false;
      for (const [name, shelf] of opened) {
        const rest = restOf(lake, shelf.ground);
        const before = stored.get(name);
        if (!shelf.isDirty && (before?.rest ?? null) === rest) continue;
        if (rest === null || shelf.found.size === 0) {
          if (!stored.delete(name)) continue;
        } else stored.set(name, { rest, found: shelf.found });
        isDirty = true;
        shelf.isDirty = false;
      }
      if (isDirty) writePrivately(fileOf(lake), sealCache(FORMAT, encoded(stored)));
    },
  };
}

/**
 * The print of a place by its folders: it changes when something in one of them comes, goes or is put in
 * the place of another. Null when one was changed just now, so that nothing can be told.
 */
export function placePrint(folders: readonly string[]): string | null {
  const prints: string[] = [];
  for (const folder of folders) {
    const print = folderPrint(folder);
    if (print === '') return null;
    prints.push(print ?? '');
  }
  return prints.join(' ');
}

function findingsIn(shelf: Open): Findings {
  return {
    recall: (place, print) => {
      const known = shelf.found.get(place);
      return known !== undefined && known[0] === print ? known[1] : null;
    },
    keep: (place, print, found) => {
      if (print !== null && found !== null) {
        shelf.found.set(place, [print, found]);
        shelf.isDirty = true;
      } else if (shelf.found.delete(place)) shelf.isDirty = true;
    },
  };
}

/** What was found on another ground than the present one is forgotten. */
function openShelf(lake: Lake, ground: Ground, stored: Shelf | undefined): Open {
  const rest = restOf(lake, ground);
  const isSame = rest !== null && stored?.rest === rest;
  return { ground, rest, found: new Map(isSame ? stored.found : []), isDirty: false };
}

/** Null when there is no memory of tasks to rest on. */
function restOf(lake: Lake, { basis, shelves }: Ground): string | null {
  const prints = shelves.map((shelf) => statePrint(lake, shelf));
  return prints.includes(null) ? null : hashOf(Buffer.from(JSON.stringify([basis, prints])));
}

type ShelfTuple = readonly [
  name: string,
  rest: string | null,
  found: ReadonlyArray<readonly [place: string, print: string, found: Finding]>,
];

function encoded(shelves: ReadonlyMap<string, Shelf>): readonly ShelfTuple[] {
  return [...shelves].map(([name, { rest, found }]) => [
    name,
    rest,
    [...found].map(([place, [print, value]]) => [place, print, value]),
  ]);
}

function readShelves(lake: Lake): Map<string, Shelf> {
  const shelves = openCache(readIfThere(fileOf(lake)), FORMAT) as readonly ShelfTuple[] | null;
  const known = (shelves ?? []).map(([name, rest, found]) => {
    const findings = found.map(([place, print, value]) => [place, [print, value]] as const);
    return [name, { rest, found: new Map(findings) }] as const;
  });
  return new Map(known);
}

function fileOf(lake: Lake): string {
  return cacheFile(lake, 'tasks', 'unchanged.json');
}
