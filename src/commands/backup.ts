import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { counted, readableCount } from '../amount.ts';
import { backUpToArchive, isArchiveName } from '../backup/archive.ts';
import { backUpToFolder } from '../backup/folder.ts';
import { manifestOf } from '../backup/manifest.ts';
import { restore } from '../backup/restore.ts';
import { zoneDir } from '../zone.ts';
import { type CommandContext, type Typed, usage } from './context.ts';
import { holdingLake } from './holding.ts';

/** `adlake backup TARGET`: copies landing, which nothing else can bring back, and checks the copy. */
export async function backup(context: CommandContext, typed: Typed): Promise<number> {
  const target = targetOf(context, typed);
  return holdingLake(context, 'backup', async () => {
    const { lake } = context;
    const manifest = manifestOf(lake, context.now());
    const done = isArchiveName(target)
      ? await backUpToArchive(lake, manifest, target)
      : backUpToFolder(lake, manifest, target);
    if (context.isJson) context.print(`${JSON.stringify({ target, ...done }, null, 2)}\n`);
    else {
      const size = `${counted(done.files, 'file')}, ${readableCount(Math.ceil(done.bytes / 1000))} kB`;
      context.print(`${target} holds all of landing: ${size}, each read back and compared.\n`);
      if (done.alreadyThere > 0)
        context.tell(`${counted(done.alreadyThere, 'file')} had been there already.`);
      context.tell(`To bring it back: \`adlake restore ${target} --lake DIR\`.`);
    }
    return 0;
  });
}

/** `adlake restore SOURCE`: puts landing back from a backup. */
export async function restoreBackup(context: CommandContext, typed: Typed): Promise<number> {
  const from = resolve(context.world.cwd, typed.args[0] ?? '');
  return holdingLake(context, 'restore', async () => {
    const done = await restore(context.lake, from);
    if (context.isJson) context.print(`${JSON.stringify({ from, ...done }, null, 2)}\n`);
    else {
      const written = done.files - done.alreadyThere;
      context.print(
        `${counted(written, 'file')} put back, ${readableCount(done.alreadyThere)} were there already. The backup is of ${done.made_at}.\n`,
      );
      context.tell('What next: `adlake run --offline` makes all tables from landing.');
    }
    return 0;
  });
}

function targetOf(context: CommandContext, typed: Typed): string {
  const target = resolve(context.world.cwd, typed.args[0] ?? '');
  const landing = zoneDir(context.lake, 'landing');
  if (!existsSync(landing)) {
    throw usage(
      `Nothing has landed in ${context.lake.home}, so there is nothing to back up.`,
      'Name the lake with --lake DIR, or pull first: `adlake run`.',
    );
  }
  if (!relative(context.lake.home, target).startsWith('..')) {
    throw usage(
      `${target} is inside the lake, and would be lost with it.`,
      'Name a folder or an archive (.tar.gz) somewhere else, best on another disk.',
    );
  }
  return target;
}
