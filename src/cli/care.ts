import { type Family, gather, LOOK, offer } from './family.ts';

/** The commands around the lake. */
export const addCare: Family = (program, act) => {
  offer(program.command('sandbox'), 'serve a local Marketing API with synthetic data', [
    'since',
    'until',
    'today',
    'json',
  ])
    .option('--platform <name>', 'meta, google, tiktok or amazon (default: meta)')
    .option('--port <number>', 'the port on this machine (default: a free one)')
    .option('--seed <number>', 'which synthetic world (default: 1)')
    .option(
      '--fault <name>',
      'misbehave in this way, or name=0.2 for a rate; may be repeated',
      gather,
    )
    .option('--fault-rate <share>', 'the share of requests that have a fault (default: 0.2)')
    .option('--limits <tier>', 'off, development or standard: count calls and refuse too many')
    .option('--data-limit <values>', 'most values (rows by fields) of one insights request')
    .option('--report-polls <number>', 'polls of a report until it is complete (default: 4)')
    .option('--mixed-values <how>', 'shown or hidden: values of mixed attribution settings')
    .option('--expired-versions <how>', 'upgraded or refused: calls of expired API versions')
    .option('--truth', 'print the true figures as CSV, and end')
    .action(act(async () => (await import('../commands/sandbox.ts')).sandbox));
  offer(program.command('drift'), 'how what the sources send has changed, and since when', [
    ...LOOK,
    'dryRun',
  ])
    .option('--accept', 'take what changed as it is: it stops no run any more')
    .action(act(async () => (await import('../commands/drift.ts')).drift));
  offer(program.command('verify'), 'read the whole lake and compare it with what is recorded', [
    'lake',
    'json',
  ])
    .option('--run <id>', 'prove what this run recorded, from landing up (or: last)')
    .action(act(async () => (await import('../commands/verify.ts')).verify));
  offer(program.command('repair'), 'make damaged files again from landing', [
    'lake',
    'dryRun',
    'json',
  ]).action(act(async () => (await import('../commands/verify.ts')).repair));
  offer(program.command('backup'), 'copy landing to another place, and check the copy', [
    'lake',
    'json',
  ])
    .argument('<target>', 'a folder, or an archive: NAME.tar.gz')
    .action(act(async () => (await import('../commands/backup.ts')).backup));
  offer(program.command('restore'), 'put landing back from a backup', ['lake', 'json'])
    .argument('<source>', 'what `adlake backup` wrote')
    .action(act(async () => (await import('../commands/backup.ts')).restoreBackup));
  offer(program.command('doctor'), 'check this machine, the settings and the lake', [
    'lake',
    'json',
  ])
    .option('--fix', 'make files with secrets readable by their owner alone')
    .action(act(async () => (await import('../commands/doctor.ts')).doctor));
};
