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

/** The commands for alerts. */
export const addAlerts: Family = (program, act) => {
  const alerts = program.command('alerts').description('what is wrong, and who was told');
  const load = () => import('../commands/alerts.ts');
  offer(
    alerts.command('list', { isDefault: true }),
    'the alerts that are not resolved, the worst first',
    ['lake', 'json'],
  )
    .option('--all', 'those that are resolved, too')
    .action(act(async () => (await load()).alertsList));
  offer(alerts.command('show'), 'one alert: its figures, and what to do', ['lake', 'json'])
    .argument('<id>')
    .action(act(async () => (await load()).alertsShow));
  offer(alerts.command('ack'), 'acknowledge an alert: it is not told of again', ['lake', 'json'])
    .argument('<id>')
    .option('--note <text>', 'what is to be remembered with it')
    .action(act(async () => (await load()).alertsAck));
  offer(alerts.command('reopen'), 'take an acknowledgement back', ['lake', 'json'])
    .argument('<id>')
    .action(act(async () => (await load()).alertsReopen));
  offer(alerts.command('test'), 'send a made-up alert to every sink that is set', [
    'lake',
    'today',
    'json',
  ])
    .option('--sink <name>', 'only to this one: webhook, slack, email or console')
    .action(act(async () => (await load()).alertsTest));
};
