import type { Batch } from '../landing/batch.ts';
import { addDays } from '../window.ts';

/** Where the figures of some days come from: the newest answer or file that speaks of them. */
export interface DaySource {
  /** First and last day, inclusive. */
  readonly since: string;
  readonly until: string;
  readonly source: Batch['source'];
  /** Name of the file, where it is an import. */
  readonly file: string | null;
  /** Day of the export, or of the question. */
  readonly as_of: string;
  /** Older ones that speak of the same days: what they alone have is still there. */
  readonly older: number;
}

/**
 * Where the figures of each day come from, days of one origin joined. Batches oldest first. A file
 * takes nothing away, so rows that only an older one has stay: those are counted as `older`.
 */
export function daySources(batches: readonly Batch[]): readonly DaySource[] {
  const dated = batches.flatMap((batch) => {
    const { since, until } = batch.scope;
    return since === null || until === null ? [] : [{ batch, since, until }];
  });
  const edges = new Set(dated.flatMap(({ since, until }) => [since, addDays(until, 1)]));
  const days = [...edges].sort();
  const sources: DaySource[] = [];
  for (const [at, since] of days.entries()) {
    const covering = dated.filter((one) => one.since <= since && since <= one.until);
    const newest = covering.at(-1)?.batch;
    const next = days[at + 1];
    if (newest === undefined || next === undefined) continue;
    add(sources, sourceOf(newest, { since, until: addDays(next, -1), older: covering.length - 1 }));
  }
  return sources;
}

function sourceOf(
  batch: Batch,
  of: { readonly since: string; readonly until: string; readonly older: number },
): DaySource {
  const file = batch.reading?.file_name ?? null;
  return { ...of, source: batch.source, file, as_of: batch.today };
}

/** Joins days of the same origin; answers of the API are one origin whenever they came. */
function add(to: DaySource[], one: DaySource): void {
  const last = to.at(-1);
  const isSame =
    last !== undefined &&
    last.source === one.source &&
    last.file === one.file &&
    addDays(last.until, 1) === one.since &&
    (one.file === null || (last.as_of === one.as_of && last.older === one.older));
  if (isSame) to[to.length - 1] = { ...last, until: one.until };
  else to.push(one);
}
