import { type Family, offer } from './family.ts';

/** Shapes that other tools expect. */
export const addExports: Family = (program, act) => {
  offer(program.command('export'), 'write tables in the shapes that people exchange, as CSV', [
    'lake',
    'since',
    'until',
    'json',
  ])
    .argument('<what>', 'ads, accounts or robyn')
    .option('--out <file>', 'where to (default: standard output)')
    .action(act(async () => (await import('../commands/export.ts')).exportShape));
};
