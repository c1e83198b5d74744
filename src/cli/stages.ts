import { type Family, offer, WORK } from './family.ts';

/** The commands that move data. */
export const addStages: Family = (program, act) => {
  offer(program.command('run'), 'do all that is due: pull, then bring every table up to date', WORK)
    .option('--offline', 'ask no API: work with what is in landing')
    .option('--report', 'make the report, too (`npm start` does)')
    .action(act(async () => (await import('../commands/run.ts')).run));
  offer(program.command('plan'), 'say what a run would do, and do nothing', WORK)
    .option('--offline', 'leave the API out')
    .action(act(async () => (await import('../commands/plan.ts')).plan));
  offer(program.command('extract'), 'pull what is due into landing', WORK).action(
    act(async () => (await import('../commands/extract.ts')).extractOnly),
  );
  offer(
    program.command('dump'),
    'pull campaigns, ad sets, ads and ad days of all the accounts’ life anew',
    WORK,
  ).action(act(async () => (await import('../commands/dump.ts')).dump));
  offer(program.command('landing-to-raw'), 'fold the answers in landing into raw', WORK).action(
    act(async () => (await import('../commands/stage.ts')).stageCommand('landing-to-raw')),
  );
  offer(program.command('raw-to-staging'), 'make raw flat and typed', WORK).action(
    act(async () => (await import('../commands/stage.ts')).stageCommand('raw-to-staging')),
  );
  offer(program.command('staging-to-curated'), 'build the tables for people', WORK).action(
    act(async () => (await import('../commands/stage.ts')).stageCommand('staging-to-curated')),
  );
  offer(program.command('land'), 'put answers that somebody saved into landing', WORK)
    .argument('<files...>', 'JSON files as the API gave them')
    .option('--timezone <name>', 'the time zone of the account, like Europe/Berlin')
    .option('--currency <code>', 'the currency of the account, like EUR')
    .option('--source <name>', 'for orders and the like: what they come from, like shop-uk')
    .action(act(async () => (await import('../commands/land.ts')).landFiles));
};
