import { existsSync, readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { isTemporary } from '../activity/sweep.ts';
import { counted } from '../amount.ts';
import { toAdlakeError } from '../errors.ts';
import { listFolders } from '../file.ts';
import type { Finding } from '../finding.ts';
import { accountsLanded } from '../landing/batch.ts';
import { DATASETS } from '../pipeline.ts';
import { silent } from '../progress.ts';
import { planStages } from '../run.ts';
import type { OutputFile } from '../stage.ts';
import { openState } from '../state.ts';
import { type Lake, landingDir, type Zone, zoneDir } from '../zone.ts';

/**
 * Files in the zones that no manifest names: no task made them, and they are no answer that was
 * finished. By their names alone; `adlake verify` reads them, too.
 */
export async function orphanFinding(lake: Lake): Promise<Finding> {
  try {
    const found = [...unfinishedAnswers(lake), ...strangersIn(lake, await madeFiles(lake))];
    const [first] = found;
    if (first === undefined) return { level: 'ok', what: 'every file in the zones is known' };
    return {
      level: 'warn',
      what: `${counted(found.length, 'file')} in the zones that no run wrote, the first is ${first}`,
      why: 'Nothing reads them; they take space, or somebody expects them to count.',
      remedy: 'Look at them (`adlake verify` lists them), and move away what is not wanted.',
    };
  } catch (error) {
    const { message, remedy } = toAdlakeError(error);
    return { level: 'fail', what: message, why: 'No run can plan what to do.', remedy };
  }
}

async function madeFiles(lake: Lake): Promise<ReadonlyArray<Pick<OutputFile, 'path'>>> {
  const state = openState(lake);
  const tasks = await planStages({ lake, selection: {}, progress: silent });
  return tasks.flatMap(({ id }) => state.head(id)?.outputs ?? []);
}

/** Folders of answers without the description that makes them one. */
function unfinishedAnswers(lake: Lake): readonly string[] {
  return DATASETS.flatMap((dataset) =>
    accountsLanded(lake, dataset).flatMap((account) => {
      const folder = landingDir(lake, dataset, account);
      return listFolders(folder)
        .filter((name) => !isTemporary(name) && !existsSync(join(folder, name, '_batch.json')))
        .map((name) => relative(lake.home, join(folder, name)));
    }),
  );
}

const DERIVED: readonly Zone[] = ['raw', 'staging', 'curated'];
/** The report, as a page and a workbook, is nobody's input, and is made anew whenever it is asked for. */
const EXPECTED = new Set(['.gitkeep', 'report.html', 'report.xlsx']);

/** Files of raw, staging and curated that are none of these, from the lake's home, sorted. */
export function strangersIn(
  lake: Lake,
  made: ReadonlyArray<Pick<OutputFile, 'path'>>,
): readonly string[] {
  const known = new Set(made.map(({ path }) => resolve(lake.home, path)));
  return DERIVED.flatMap((zone) => filesBelow(zoneDir(lake, zone)))
    .filter(({ path, name }) => !known.has(path) && !EXPECTED.has(name) && !isTemporary(name))
    .map(({ path }) => relative(lake.home, path))
    .sort();
}

function filesBelow(
  folder: string,
): ReadonlyArray<{ readonly path: string; readonly name: string }> {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => ({ path: resolve(entry.parentPath, entry.name), name: entry.name }));
}
