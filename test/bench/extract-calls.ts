import { cpSync } from 'node:fs';
import type { MetaConfig } from '../../src/config.ts';
import { worldSource } from '../../src/sandbox/world-source.ts';
import { addDays } from '../../src/window.ts';
import type { Lake } from '../../src/zone.ts';
import type { ExtractBench, ExtractFound, ExtractLine } from './extract.ts';
import {
  fewestCalls,
  inLake,
  type Pulled,
  pagesByDataset,
  pullDay,
  USUAL,
} from './extract-lake.ts';
import type { Goal } from './goal.ts';

/** A next day as it can be pulled: what of the activity filter is on. */
const NEXT_DAYS: readonly { readonly what: string; readonly settings: Partial<MetaConfig> }[] = [
  { what: 'next day, everybody asked for', settings: { enableActivityFiltering: false } },
  { what: 'next day, who sleeps left out', settings: { detailDays: 28 } },
  { what: 'next day, with the activity filter', settings: {} },
];

/**
 * Calls of a first pull and of the next day, with the filter on activity and without it, against the
 * fewest there could be, of the usual datasets.
 */
export async function callsSection(bench: ExtractBench): Promise<ExtractFound> {
  const { size, days } = bench;
  const accountIds = worldSource({ seed: 1, size }).accounts.map(({ id }) => id);
  const at = { firstPullDays: days, sandbox: { size } };
  return inLake(async (lake) => {
    const first = await pullDay(lake, { ...at, today: size.on, settings: USUAL });
    const counted = [counts(lake, size.on, { pulled: first, accountIds, what: 'first pull' })];
    const today = addDays(size.on, 1);
    for (const { what, settings } of NEXT_DAYS) {
      await inLake(async (copy) => {
        cpSync(lake.home, copy.home, { recursive: true });
        const next = await pullDay(copy, { ...at, today, settings: { ...USUAL, ...settings } });
        counted.push(counts(copy, today, { pulled: next, accountIds, what }));
      });
    }
    return foundOf(counted, sleepOf(bench));
  });
}

/** How those who sleep are spread, which decides what leaving them out can spare. */
function sleepOf({ size }: ExtractBench): string {
  const percent = Math.round(size.inactive * 100);
  return `${percent} % of the campaigns have been silent for 10 to 80 days, evenly spread: of a lookback of 28 days they have about a tenth of the rows.`;
}

interface Counted {
  readonly what: string;
  readonly pulled: Pulled;
  readonly fewest: number;
  /** Pages by dataset; the rest of the calls are lists that are not kept. */
  readonly pages: Readonly<Record<string, number>>;
}

function counts(
  lake: Lake,
  today: string,
  of: {
    readonly pulled: Pulled;
    readonly accountIds: readonly string[];
    readonly what: string;
  },
): Counted {
  const { pulled, accountIds, what } = of;
  const fewest = fewestCalls(lake, today, accountIds);
  return { what, pulled, fewest, pages: pagesByDataset(lake, today, accountIds) };
}

function foundOf(counted: readonly Counted[], note: string): ExtractFound {
  const [first, everybody, ...filtered] = counted;
  const all = everybody?.pulled.calls ?? 0;
  const last = filtered.at(-1);
  const share = ({ pulled }: Counted): number => pulled.calls / all;
  return {
    lines: counted.map((one) => lineOf(one, filtered.includes(one) ? share(one) : null)),
    goals: [
      ...(first === undefined ? [] : [fewestGoal('first pull', first)]),
      ...filtered.map((one) => fewestGoal(one.what, one)),
      ...(last === undefined
        ? []
        : [goal(`${last.what}: of the calls for everybody`, share(last), 0.5)]),
    ],
    tables: [{ title: 'Calls by dataset', rows: byDataset(counted) }],
    notes: [note, ...counted.flatMap(({ pulled }) => pulled.errors)],
  };
}

function fewestGoal(what: string, { pulled, fewest }: Counted): Goal {
  return goal(`${what}: calls against the fewest`, pulled.calls / fewest, 1.5);
}

function byDataset(counted: readonly Counted[]): Record<string, Record<string, number>> {
  const names = [...new Set(counted.flatMap(({ pages }) => Object.keys(pages)))];
  const rows = names.map((name) => [
    name,
    Object.fromEntries(counted.map(({ what, pages }) => [what, pages[name] ?? 0])),
  ]);
  const other = counted.map(({ what, pulled, pages }) => {
    const kept = Object.values(pages).reduce((sum, count) => sum + count, 0);
    return [what, pulled.calls - kept];
  });
  return Object.fromEntries([...rows, ['not kept', Object.fromEntries(other)]]);
}

function lineOf({ what, pulled, fewest }: Counted, share: number | null): ExtractLine {
  const { calls, requests, rows } = pulled;
  return { what, calls, fewest, requests, rows, share, 'waited h': 0 };
}

function goal(what: string, measured: number, must: number): Goal {
  return { what, unit: 'x', must, aim: must, measured };
}
