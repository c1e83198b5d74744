import { type Family, gather, LOOK, offer } from './family.ts';

/** The commands about past runs. */
export const addRuns: Family = (program, act) => {
  const runs = program.command('runs').description('past runs: what they did, and how they ended');
  offer(runs.command('list'), 'every run on record, newest first', ['lake', 'json']).action(
    act(async () => (await import('../commands/runs.ts')).runsList),
  );
  offer(runs.command('show'), 'what one run did; the newest when none is named', ['lake', 'json'])
    .argument('[run]')
    .action(act(async () => (await import('../commands/runs.ts')).runsShow));
};

/** The commands for records that a contract refused. */
export const addQuarantine: Family = (program, act) => {
  const quarantine = program
    .command('quarantine')
    .description('records that a contract refused: list, show, bring back');
  offer(quarantine.command('list'), 'every refused record with its reason', LOOK).action(
    act(async () => (await import('../commands/quarantine.ts')).quarantineList),
  );
  offer(quarantine.command('show'), 'one refused record in full', ['lake', 'json'])
    .argument('<id>')
    .action(act(async () => (await import('../commands/quarantine.ts')).quarantineShow));
  offer(quarantine.command('replay'), 'judge refused records again, or mend one', [
    ...LOOK,
    'dryRun',
  ])
    .argument('[id]')
    .option('--set <pointer=value>', 'mend the record: /spend=12.30; may be repeated', gather)
    .action(act(async () => (await import('../commands/quarantine-replay.ts')).quarantineReplay));
};
