import { type Family, offer } from './family.ts';

/** The commands for exchange rates, for what is read out of creatives, and for what persons may ask of the lake's owner. */
export const addInternal: Family = (program, act) => {
  const fx = program.command('fx').description('exchange rates for the figures in US dollars');
  offer(fx.command('update'), 'fetch the reference rates of the European Central Bank', [
    'lake',
    'since',
    'today',
    'dryRun',
    'json',
  ]).action(act(async () => (await import('../commands/fx.ts')).fxUpdate));
  offer(program.command('enrich'), 'read what the texts and pictures of creatives say and show', [
    'lake',
    'dryRun',
    'json',
  ])
    .option('--images <dir>', 'a folder with pictures named by creative: 1234567890.jpg or .png')
    .action(act(async () => (await import('../commands/enrich.ts')).enrich));
  offer(program.command('purge'), 'remove a person, or what is older than it may be', [
    'lake',
    'today',
    'dryRun',
    'json',
  ])
    .option(
      '--person <key>',
      'the key of a person as the tables show it; - reads it, or an e-mail address or telephone number, from standard input',
    )
    .option('--expired', 'remove what is older than the retention_days of its dataset')
    .action(act(async () => (await import('../commands/purge.ts')).purgeLake));
};
