import { cpSync } from 'node:fs';
import type { SandboxOptions } from '../../src/sandbox/index.ts';
import { worldSource } from '../../src/sandbox/world-source.ts';
import { addDays } from '../../src/window.ts';
import type { Lake } from '../../src/zone.ts';
import type { ExtractBench, ExtractFound } from './extract.ts';
import { fewestCalls, inLake, type Pulled, pullDay } from './extract-lake.ts';

/**
 * Calls of a first pull and of the next day, with the filter on activity and without it, against the
 * fewest there could be.
 */
export async function callsSection(bench: ExtractBench): Promise<ExtractFound> {
  const { size, days } = bench;
  const sandbox: SandboxOptions = { size };
  const accountIds = worldSource({ seed: 1, size }).accounts.map(({ id }) => id);
  const tomorrow = addDays(size.on, 1);
  const at = { firstPullDays: days, sandbox };
  return inLake(async (lake) => {
    const first = await pullDay(lake, { ...at, today: size.on });
    const firstFewest = fewestCalls(lake, size.on, accountIds);
    return inLake(async (other) => {
      cpSync(lake.home, other.home, { recursive: true });
      const settings = { enableActivityFiltering: false };
      const all = await pullDay(other, { ...at, today: tomorrow, settings });
      const allFewest = fewestCalls(other, tomorrow, accountIds);
      const filtered = await pullDay(lake, { ...at, today: tomorrow });
      const filteredFewest = fewestCalls(lake, tomorrow, accountIds);
      return {
        lines: [
          lineOf('first pull', first, firstFewest),
          lineOf('next day, everybody asked for', all, allFewest),
          lineOf('next day, who sleeps left out', filtered, filteredFewest),
        ],
        goals: [
          goal('first pull: calls against the fewest', first.calls / firstFewest, 1.5),
          goal('next day: calls against the fewest', filtered.calls / filteredFewest, 1.5),
          goal('next day: with the filter against without', filtered.calls / all.calls, 0.5),
        ],
        notes: [first, all, filtered].flatMap(({ errors }) => errors),
      };
    });
  });
}

function lineOf(what: string, pulled: Pulled, fewest: number): ExtractFound['lines'][number] {
  const { calls, requests, rows } = pulled;
  return { what, calls, fewest, requests, rows, 'waited h': 0 };
}

function goal(what: string, measured: number, must: number): ExtractFound['goals'][number] {
  return { what, unit: 'x', must, aim: must, measured };
}

/** The time a first pull and a next day take where Meta's quotas hold, without the time of the network. */
export async function limitsSection(bench: ExtractBench): Promise<ExtractFound> {
  const { size, days } = bench;
  const lines: ExtractFound['lines'][number][] = [];
  const notes: string[] = [];
  for (const limits of ['standard', 'development'] as const) {
    await inLake(async (lake) => {
      for (const today of [size.on, addDays(size.on, 1)]) {
        const pulled = await pullLimited(lake, { today, days, sandbox: { size, limits } });
        const what = `${limits}, ${today === size.on ? 'first pull' : 'next day'}`;
        const { calls, requests, rows, waitedHours } = pulled;
        lines.push({ what, calls, fewest: null, requests, rows, 'waited h': waitedHours });
        notes.push(...pulled.errors.map((error) => `${what}: ${error}`));
      }
    });
  }
  return { lines, goals: [], notes };
}

function pullLimited(
  lake: Lake,
  of: { readonly today: string; readonly days: number; readonly sandbox: SandboxOptions },
): Promise<Pulled> {
  const { today, days, sandbox } = of;
  return pullDay(lake, { today, firstPullDays: days, sandbox });
}
