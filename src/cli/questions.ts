import { type Family, LOOK, offer } from './family.ts';

/** The commands that answer questions. */
export const addQuestions: Family = (program, act) => {
  offer(program.command('status'), 'what the lake holds, and how fresh it is', [
    ...LOOK,
    'today',
  ]).action(act(async () => (await import('../commands/status.ts')).status));
  offer(program.command('sql'), 'ask the curated tables, reading only', ['lake', 'json'])
    .argument('[query]', 'one select statement; without it, it is read from standard input')
    .option('--file <path>', 'read the statement from a file')
    .option('--format <name>', 'table, csv, json or md (default: table on a terminal, else csv)')
    .option('--max-rows <count>', 'rows to give at most (default: 100000)')
    .action(act(async () => (await import('../commands/sql.ts')).sql));
  offer(
    program.command('report'),
    'a page and a workbook for people: what changed, why, what to do',
    ['lake', 'account', 'since', 'until', 'json'],
  )
    .option('--period <days>', 'the last complete days of each account (default: 28)')
    .option('--csv <section>', 'one section as CSV instead: campaigns, days, audiences and so on')
    .option('--daily', 'the short form as text instead: totals, ROAS, top campaigns, what to do')
    .option('--mail', 'with --daily: mail it to those who get the alerts, instead of printing it')
    .option(
      '--out <file>',
      'where to write it (default: report.html and report.xlsx beside the tables)',
    )
    .action(act(async () => (await import('../commands/report.ts')).report));
  offer(program.command('asof'), 'the tables as they were known on a day', [
    'lake',
    'account',
    'json',
  ])
    .argument('<date>', "the day, YYYY-MM-DD, inclusive; each ad account's own")
    .option('--sql <query>', 'what to ask them (default: totals of each account)')
    .option('--out <dir>', 'keep them, in this new folder, as a lake of their own')
    .option('--format <name>', 'table, csv, json or md (default: table on a terminal, else csv)')
    .option('--max-rows <count>', 'rows to give at most (default: 100000)')
    .action(act(async () => (await import('../commands/asof.ts')).asof));
  offer(program.command('trace'), 'where a figure came from, through every zone to its page', [
    'lake',
    'account',
    'json',
  ])
    .option('--campaign <id>', 'the campaign')
    .option('--ad <id>', 'the ad, instead of a campaign')
    .option('--date <date>', "the ad account's own day, YYYY-MM-DD")
    .option('--metric <name>', 'a column of campaign_day or ad_day (default: the usual ones)')
    .action(act(async () => (await import('../commands/trace.ts')).trace));
  offer(program.command('quality'), 'how good the tables are, and rows that show what is wrong', [
    'lake',
    'account',
    'json',
  ])
    .argument('[check]', 'one check, to see more of its rows')
    .action(act(async () => (await import('../commands/quality.ts')).quality));
  addActivity(program, act);
};

const addActivity: Family = (program, act) => {
  offer(
    program.command('compare'),
    'which of two ads or campaigns is better, and how sure that is',
    ['lake', 'since', 'until', 'json'],
  )
    .argument('<a>', 'the id of an ad or a campaign')
    .argument('<b>', 'the id of another')
    .option('--metric <name>', 'ctr, cvr or roas (default: all three)')
    .action(act(async () => (await import('../commands/compare.ts')).compare));
  const predictions = program
    .command('predictions')
    .description('what was predicted, and what came of it');
  offer(predictions.command('accuracy'), 'how far predictions of ROAS and CTR were off', [
    'lake',
    'account',
    'json',
  ])
    .option('--days <count>', 'the last days that can be compared (default: 30)')
    .action(act(async () => (await import('../commands/predictions.ts')).predictionAccuracy));
  const activity = program
    .command('activity')
    .description('which campaigns are left out of the daily requests, and why');
  offer(activity.command('list'), 'every campaign with its state', [...LOOK, 'today']).action(
    act(async () => (await import('../commands/activity.ts')).activityList),
  );
  offer(activity.command('explain'), 'why one campaign is in or out, in words', [
    'lake',
    'today',
    'json',
  ])
    .argument('<campaign-id>')
    .action(act(async () => (await import('../commands/activity.ts')).activityExplain));
};
