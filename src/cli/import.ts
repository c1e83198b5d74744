import { type Family, offer } from './family.ts';

/** The command for files that people have. */
export const addImport: Family = (program, act) => {
  offer(program.command('import'), 'bring exports of ad platforms into all zones', [
    'lake',
    'account',
    'since',
    'until',
    'today',
    'dryRun',
    'json',
  ])
    .argument('<paths...>', 'files, folders, or patterns like "exports/*.csv"')
    .option(
      '--as <platform>',
      'whose export it is, like meta or google, or orders and the like, when the file does not tell',
    )
    .option('--currency <code>', 'the currency of the account, like EUR')
    .option('--timezone <name>', 'the time zone of the account, like Europe/Berlin')
    .option('--locale <name>', 'how figures and dates are written, like en-US or de-DE')
    .option('--mapping <file>', 'a JSON file with headers of your own')
    .action(act(async () => (await import('../commands/import.ts')).importFiles));
};
