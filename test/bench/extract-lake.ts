import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MetaConfig } from '../../src/config.ts';
import { listBatches, rowsIn } from '../../src/landing/batch.ts';
import { META_DATASETS, type MetaDataset } from '../../src/platforms/meta/datasets.ts';
import { PAGE_LIMIT } from '../../src/platforms/meta/requests.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/index.ts';
import { daysOf } from '../../src/window.ts';
import type { Lake } from '../../src/zone.ts';
import { type ExtractSketch, pull } from '../helpers/extract.ts';
import { virtualClock } from '../matrix/virtual-clock.ts';

/** All datasets that are pulled when nobody says otherwise. */
export const USUAL: Partial<MetaConfig> = { datasets: null };

/** What a pull took. */
export interface Pulled {
  /** As Meta counts them: every entry of a batch is a call. */
  readonly calls: number;
  readonly requests: number;
  readonly rows: number;
  /** Hours that went by on the clock of the pull, all of them waiting. */
  readonly waitedHours: number;
  /** Why accounts were not complete. */
  readonly errors: readonly string[];
}

/** Pulls a day into a lake from a sandbox of its own, on a clock that only waiting moves. */
export async function pullDay(
  lake: Lake,
  of: {
    readonly today: string;
    readonly firstPullDays: number;
    readonly sandbox: SandboxOptions;
    readonly settings?: Partial<MetaConfig>;
    readonly datasets?: readonly string[];
  },
): Promise<Pulled> {
  const { today, firstPullDays, settings, datasets } = of;
  const clock = virtualClock(today);
  const sandbox = await startSandbox({ ...of.sandbox, today, clock: clock.elapsed });
  try {
    return await measured(sandbox, {
      lake,
      today,
      firstPullDays,
      ...clock,
      ...(settings === undefined ? {} : { settings }),
      ...(datasets === undefined ? {} : { selection: { datasets } }),
    });
  } finally {
    await sandbox.close();
  }
}

async function measured(
  sandbox: Sandbox,
  sketch: ExtractSketch & Pick<ReturnType<typeof virtualClock>, 'elapsed'>,
): Promise<Pulled> {
  const { elapsed, ...rest } = sketch;
  const summary = await pull(sandbox, rest);
  return {
    calls: sandbox.calls(),
    requests: sandbox.requests(),
    rows: summary.rows,
    waitedHours: elapsed() / 3_600_000,
    errors: summary.accounts.flatMap(({ error }) => (error === undefined ? [] : [error.message])),
  };
}

/**
 * The fewest calls that could have brought what a day landed: full pages, one walk for each dataset
 * and account, one for each day where the API gives hours only by the day. An answer without rows is
 * one call too.
 */
export function fewestCalls(lake: Lake, today: string, accountIds: readonly string[]): number {
  let calls = 0;
  for (const dataset of META_DATASETS) {
    for (const accountId of accountIds) calls += fewestOf(lake, { dataset, accountId, today });
  }
  return calls;
}

function fewestOf(
  lake: Lake,
  of: { readonly dataset: MetaDataset; readonly accountId: string; readonly today: string },
): number {
  const batches = listBatches(lake, of.dataset, of.accountId).filter(
    (batch) => batch.today === of.today,
  );
  if (batches.length === 0) return 0;
  const rows = rowsIn(batches.flatMap((batch) => batch.pages));
  const pages = Math.max(1, Math.ceil(rows / PAGE_LIMIT));
  if (!of.dataset.name.endsWith('_hour') || of.dataset.request.kind !== 'insights') return pages;
  const days = batches.flatMap(({ scope: { since, until } }) =>
    since === null || until === null ? [] : daysOf({ since, until }),
  );
  return Math.max(pages, new Set(days).size);
}

/** Pages that landed on a day, by dataset: a call each. */
export function pagesByDataset(
  lake: Lake,
  today: string,
  accountIds: readonly string[],
): Readonly<Record<string, number>> {
  const pages = META_DATASETS.map((dataset): readonly [string, number] => {
    const batches = accountIds.flatMap((accountId) => listBatches(lake, dataset, accountId));
    const landed = batches.filter((batch) => batch.today === today);
    return [dataset.name, landed.reduce((sum, batch) => sum + batch.pages.length, 0)];
  });
  return Object.fromEntries(pages.filter(([, count]) => count > 0));
}

/** Does something with a lake of its own, and removes it. */
export async function inLake<T>(body: (lake: Lake) => Promise<T>): Promise<T> {
  const home = mkdtempSync(join(tmpdir(), 'adlake-bench-extract-'));
  try {
    return await body({ home });
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
