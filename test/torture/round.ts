import { performance } from 'node:perf_hooks';
import type { Area, CaseOutcome, Cases } from './area.ts';

/** What came of the cases of an area. */
export interface AreaResult {
  readonly name: string;
  readonly about: string;
  readonly cases: number;
  /** How many there are; null when there is no end to them. */
  readonly possible: number | null;
  readonly seconds: number;
  readonly first_case: string | null;
  readonly last_case: string | null;
  readonly counts: Readonly<Record<string, number>>;
  readonly differences: readonly Difference[];
  /** What was tried by name, and held. */
  readonly told: readonly string[];
}

/** A case that did not come out as it must. */
export interface Difference {
  readonly case: string;
  readonly what: string;
}

/** An area at work. */
interface Station {
  readonly area: Area;
  cases: Cases | null;
  next: number;
  seconds: number;
  first: string | null;
  last: string | null;
  readonly counts: Map<string, number>;
  readonly differences: Difference[];
  readonly told: string[];
}

/**
 * Tries the areas in turn until the time is up: the next case is always of the one that has had the
 * least of its share, in this process and, at the same time, in others. `tell` is told
 * of every difference at once, and of each case before it begins.
 */
export async function tryAll(
  areas: readonly Area[],
  how: { readonly seconds: number; readonly seed: number; readonly tell: Tell },
): Promise<readonly AreaResult[]> {
  const stations = areas.map(stationOf);
  const end = performance.now() + how.seconds * 1000;
  const lane = async (name: Area['lane']): Promise<void> => {
    const ofLane = stations.filter(({ area }) => area.lane === name);
    while (performance.now() < end) {
      const station = neediest(ofLane);
      if (station === undefined) return;
      await tryNext(station, how);
    }
  };
  await Promise.all([lane('here'), lane('processes')]);
  for (const station of stations) judge(station, how.tell);
  for (const { cases } of stations) cases?.close?.();
  return stations.map(resultOf);
}

/** Tries one case by its whole id, `<area>:<rest>`. */
export async function tryOne(areas: readonly Area[], id: string, tell: Tell): Promise<AreaResult> {
  const [name = '', ...rest] = id.split(':');
  const area = areas.find((one) => one.name === name);
  if (area === undefined) throw new Error(`There is no case ${id}: no area is called ${name}.`);
  const station = stationOf(area);
  station.cases = await area.prepare(1);
  await tryCase(station, rest.join(':'), tell);
  station.cases.close?.();
  return resultOf(station);
}

/** Where it is told what goes on. */
export interface Tell {
  readonly begins: (id: string) => void;
  readonly ended: (id: string) => void;
  readonly differs: (difference: Difference) => void;
}

function stationOf(area: Area): Station {
  const nothing = { cases: null, next: 0, seconds: 0, first: null, last: null };
  return { area, ...nothing, counts: new Map(), differences: [], told: [] };
}

/** Those that have tried all their cases are done. */
function neediest(stations: readonly Station[]): Station | undefined {
  return stations
    .filter(
      ({ cases, next }) => cases === null || next < (cases.possible ?? Number.POSITIVE_INFINITY),
    )
    .sort((left, right) => left.seconds / left.area.share - right.seconds / right.area.share)[0];
}

async function tryNext(
  station: Station,
  how: { readonly seed: number; readonly tell: Tell },
): Promise<void> {
  const { area } = station;
  if (station.cases === null) {
    const preparing = `${area.name}: getting ready`;
    how.tell.begins(preparing);
    const started = performance.now();
    station.cases = await area.prepare(how.seed);
    station.seconds += (performance.now() - started) / 1000;
    how.tell.ended(preparing);
  }
  const id = station.cases.idAt(station.next++);
  await tryCase(station, id, how.tell);
}

async function tryCase(station: Station, rest: string, tell: Tell): Promise<void> {
  const id = `${station.area.name}:${rest}`;
  station.first ??= id;
  station.last = id;
  tell.begins(id);
  const started = performance.now();
  const { difference, counts, told } = await outcomeOf(station, rest);
  station.seconds += (performance.now() - started) / 1000;
  tell.ended(id);
  for (const [name, count] of Object.entries(counts)) {
    station.counts.set(name, (station.counts.get(name) ?? 0) + count);
  }
  if (told !== undefined) station.told.push(told);
  if (difference !== null) note(station, { case: id, what: difference }, tell);
}

async function outcomeOf({ cases }: Station, rest: string): Promise<CaseOutcome> {
  try {
    return (await cases?.run(rest)) ?? { difference: 'was not ready', counts: {} };
  } catch (error) {
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { difference: `threw ${what}`, counts: {} };
  }
}

function judge(station: Station, tell: Tell): void {
  const wrong = station.cases?.judge?.(Object.fromEntries(station.counts)) ?? null;
  if (wrong !== null)
    note(station, { case: `${station.first} to ${station.last}`, what: wrong }, tell);
}

function note(station: Station, difference: Difference, tell: Tell): void {
  station.differences.push(difference);
  tell.differs(difference);
}

function resultOf(station: Station): AreaResult {
  const { area, cases, next, seconds, first, last, counts, differences, told } = station;
  return {
    name: area.name,
    about: area.about,
    cases: Math.max(next, first === null ? 0 : 1),
    possible: cases?.possible ?? null,
    seconds: Math.round(seconds),
    first_case: first,
    last_case: last,
    counts: Object.fromEntries(counts),
    differences,
    told,
  };
}
