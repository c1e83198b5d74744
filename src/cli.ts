import { Command, CommanderError } from 'commander';
import type { Action, CommonOptions, Undo, World } from './commands/context.ts';
import { AdlakeError, toAdlakeError } from './errors.ts';
import { cutTokens } from './token.ts';

/**
 * Runs adlake for this process: its arguments, its streams, its exit code. Ctrl-C lets go of the lake
 * and ends with 130; a reader that closes the pipe ends it quietly.
 */
export async function main(): Promise<void> {
  const undos = new Set<Undo>();
  const stop = async (code: number) => {
    for (const undo of undos) await undo();
    process.exit(code);
  };
  process.once('SIGINT', () => stop(130));
  process.once('SIGTERM', () => stop(143));
  process.stdout.on('error', (error: { code?: string }) => {
    if (error.code === 'EPIPE') stop(0);
  });
  const onStop = (undo: Undo) => {
    undos.add(undo);
    return () => undos.delete(undo);
  };
  const world = {
    stdin: () => process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    onStop,
    cwd: process.cwd(),
  };
  process.exitCode = await runCli(process.argv.slice(2), world);
}

/**
 * Runs one command line and gives its exit code. Errors are written to standard error: what was
 * expected and found, then what to do. With `--json` an error is also an object on standard output,
 * unless the command had already printed its report, which then holds it.
 */
export async function runCli(argv: readonly string[], world: World): Promise<number> {
  let isPrinted = false;
  const stdout = {
    isTTY: world.stdout.isTTY,
    columns: world.stdout.columns,
    write: (text: string) => {
      isPrinted = true;
      return world.stdout.write(text);
    },
  };
  let exitCode = 0;
  try {
    const program = programOf({ ...world, stdout }, (code) => {
      exitCode = code;
    });
    await program.parseAsync(argv.length === 0 ? ['--help'] : [...argv], { from: 'user' });
    return exitCode;
  } catch (thrown) {
    const error = errorOf(thrown);
    if (error === null) return 0;
    if (argv.includes('--json') && !isPrinted) world.stdout.write(jsonOf(error));
    world.stderr.write(textOf(error, argv.includes('--debug')));
    return error.exitCode;
  }
}

/** Commander throws for help and version too; those are no errors. */
function errorOf(thrown: unknown): AdlakeError | null {
  if (!(thrown instanceof CommanderError)) return toAdlakeError(thrown);
  if (thrown.exitCode === 0) return null;
  const told = thrown.code === 'commander.help' ? 'A subcommand is missing' : thrown.message;
  const message = told
    .replace(/^error: /, '')
    .replace(/\n\((.*)\)$/, '. $1')
    .replace(VALUE_OF_OPTION, "'$1'");
  return new AdlakeError({
    code: 'USAGE',
    message: `${message.charAt(0).toUpperCase()}${message.slice(1)}`.replace(/([^.?!])$/, '$1.'),
    remedy: 'See `adlake --help`, or `adlake <command> --help` for the options of one command.',
    cause: thrown,
  });
}

/** Commander repeats what it does not know; a value could be a secret. */
const VALUE_OF_OPTION = /'(--[\w-]+)=[^']*'/g;

function textOf(error: AdlakeError, isDebug: boolean): string {
  const lines = [
    `Error ${error.code}: ${error.message}`,
    `What to do: ${error.remedy}`,
    ...(isDebug ? [error.stack ?? '', ...causesOf(error.cause)] : []),
  ];
  return `${cutTokens(lines.join('\n')).replace(VALUE_OF_OPTION, "'$1'")}\n`;
}

function causesOf(cause: unknown): readonly string[] {
  if (cause === undefined) return [];
  if (!(cause instanceof Error)) return [`Caused by: ${String(cause)}`];
  return [`Caused by: ${cause.stack}`, ...causesOf(cause.cause)];
}

function jsonOf(error: AdlakeError): string {
  const { code, message, remedy, exitCode } = error;
  const body = { error: { code, message: cutTokens(message), remedy, exit_code: exitCode } };
  return `${JSON.stringify(body, null, 2)}\n`;
}

type Shared = keyof typeof SHARED;

const SHARED = {
  lake: ['--lake <dir>', "the lake's home (default: PROJECT_ROOT, else the checkout)"],
  account: ['--account <id>', 'only this ad account; may be repeated, or a list with commas'],
  dataset: ['--dataset <name>', 'only this dataset; may be repeated, or a list with commas'],
  since: ['--since <date>', 'first day, YYYY-MM-DD, inclusive'],
  until: ['--until <date>', 'last day, YYYY-MM-DD, inclusive'],
  today: ['--today <date>', 'the day to pretend it is, for tests and replays'],
  dryRun: ['--dry-run', 'say what would be done, and do nothing'],
  json: ['--json', 'machine-readable output'],
} as const;

const REPEATABLE: ReadonlySet<Shared> = new Set(['account', 'dataset']);
const WORK: readonly Shared[] = [
  'lake',
  'account',
  'dataset',
  'since',
  'until',
  'today',
  'dryRun',
  'json',
];
const LOOK: readonly Shared[] = ['lake', 'account', 'dataset', 'json'];

type Act = (load: () => Promise<Action>) => (...typed: readonly unknown[]) => Promise<void>;

const EXAMPLES = `
Examples:
  adlake run                                 pull what is due and bring all tables up to date
  adlake run --offline                       bring the tables up to date from what is in landing
  adlake sql "select * from campaigns"       ask the curated tables
  adlake status                              what the lake holds, and how fresh it is
`;

function programOf(world: World, end: (exitCode: number) => void): Command {
  const act: Act =
    (load) =>
    async (...typed) => {
      const command = typed.at(-1) as Command;
      const options = command.opts<CommonOptions & Record<string, unknown>>();
      const { contextOf } = await import('./commands/context.ts');
      const context = contextOf(options, world);
      const action = await load();
      end(await action(context, { args: command.args, options }));
    };
  const program = new Command('adlake')
    .description('A data lake for ad performance: from the Meta Marketing API to tables.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => world.stdout.write(text),
      writeErr: () => {},
      getOutHelpWidth: () => world.stdout.columns ?? 100,
    })
    .addHelpText('after', EXAMPLES);
  addStages(program, act);
  addImport(program, act);
  addQuestions(program, act);
  addQuarantine(program, act);
  addRuns(program, act);
  addAuth(program, act);
  addExports(program, act);
  addInternal(program, act);
  addCare(program, act);
  return program;
}

/** The commands that move data. */
function addStages(program: Command, act: Act): void {
  offer(program.command('run'), 'do all that is due: pull, then bring every table up to date', WORK)
    .option('--offline', 'ask no API: work with what is in landing')
    .option('--report', 'make the report, too (`npm start` does)')
    .action(act(async () => (await import('./commands/run.ts')).run));
  offer(program.command('plan'), 'say what a run would do, and do nothing', WORK)
    .option('--offline', 'leave the API out')
    .action(act(async () => (await import('./commands/plan.ts')).plan));
  offer(program.command('extract'), 'pull what is due into landing', WORK).action(
    act(async () => (await import('./commands/extract.ts')).extractOnly),
  );
  offer(
    program.command('dump'),
    'pull campaigns, ad sets, ads and ad days of all the accounts’ life anew',
    WORK,
  ).action(act(async () => (await import('./commands/dump.ts')).dump));
  offer(program.command('landing-to-raw'), 'fold the answers in landing into raw', WORK).action(
    act(async () => (await import('./commands/stage.ts')).stageCommand('landing-to-raw')),
  );
  offer(program.command('raw-to-staging'), 'make raw flat and typed', WORK).action(
    act(async () => (await import('./commands/stage.ts')).stageCommand('raw-to-staging')),
  );
  offer(program.command('staging-to-curated'), 'build the tables for people', WORK).action(
    act(async () => (await import('./commands/stage.ts')).stageCommand('staging-to-curated')),
  );
  offer(program.command('land'), 'put answers that somebody saved into landing', WORK)
    .argument('<files...>', 'JSON files as the API gave them')
    .option('--timezone <name>', 'the time zone of the account, like Europe/Berlin')
    .option('--currency <code>', 'the currency of the account, like EUR')
    .option('--source <name>', 'for orders and the like: what they come from, like shop-uk')
    .action(act(async () => (await import('./commands/land.ts')).landFiles));
}

/** The command for files that people have. */
function addImport(program: Command, act: Act): void {
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
    .action(act(async () => (await import('./commands/import.ts')).importFiles));
}

/** The commands that answer questions. */
function addQuestions(program: Command, act: Act): void {
  offer(program.command('status'), 'what the lake holds, and how fresh it is', [
    ...LOOK,
    'today',
  ]).action(act(async () => (await import('./commands/status.ts')).status));
  offer(program.command('sql'), 'ask the curated tables, reading only', ['lake', 'json'])
    .argument('[query]', 'one select statement; without it, it is read from standard input')
    .option('--file <path>', 'read the statement from a file')
    .option('--format <name>', 'table, csv, json or md (default: table on a terminal, else csv)')
    .option('--max-rows <count>', 'rows to give at most (default: 100000)')
    .action(act(async () => (await import('./commands/sql.ts')).sql));
  offer(program.command('report'), 'one page for people: what changed, why, and the numbers', [
    'lake',
    'account',
    'since',
    'until',
    'json',
  ])
    .option('--period <days>', 'the last complete days of each account (default: 28)')
    .option('--out <file>', 'where to write it (default: report.html beside the tables)')
    .action(act(async () => (await import('./commands/report.ts')).report));
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
    .action(act(async () => (await import('./commands/asof.ts')).asof));
  offer(program.command('trace'), 'where a figure came from, through every zone to its page', [
    'lake',
    'account',
    'json',
  ])
    .option('--campaign <id>', 'the campaign')
    .option('--ad <id>', 'the ad, instead of a campaign')
    .option('--date <date>', "the ad account's own day, YYYY-MM-DD")
    .option('--metric <name>', 'a column of campaign_day or ad_day (default: the usual ones)')
    .action(act(async () => (await import('./commands/trace.ts')).trace));
  const activity = program
    .command('activity')
    .description('which campaigns are left out of the daily requests, and why');
  offer(activity.command('list'), 'every campaign with its state', [...LOOK, 'today']).action(
    act(async () => (await import('./commands/activity.ts')).activityList),
  );
  offer(activity.command('explain'), 'why one campaign is in or out, in words', [
    'lake',
    'today',
    'json',
  ])
    .argument('<campaign-id>')
    .action(act(async () => (await import('./commands/activity.ts')).activityExplain));
}

/** The commands about past runs. */
function addRuns(program: Command, act: Act): void {
  const runs = program.command('runs').description('past runs: what they did, and how they ended');
  offer(runs.command('list'), 'every run on record, newest first', ['lake', 'json']).action(
    act(async () => (await import('./commands/runs.ts')).runsList),
  );
  offer(runs.command('show'), 'what one run did; the newest when none is named', ['lake', 'json'])
    .argument('[run]')
    .action(act(async () => (await import('./commands/runs.ts')).runsShow));
}

/** The commands for records that a contract refused. */
function addQuarantine(program: Command, act: Act): void {
  const quarantine = program
    .command('quarantine')
    .description('records that a contract refused: list, show, bring back');
  offer(quarantine.command('list'), 'every refused record with its reason', LOOK).action(
    act(async () => (await import('./commands/quarantine.ts')).quarantineList),
  );
  offer(quarantine.command('show'), 'one refused record in full', ['lake', 'json'])
    .argument('<id>')
    .action(act(async () => (await import('./commands/quarantine.ts')).quarantineShow));
  offer(quarantine.command('replay'), 'judge refused records again, or mend one', [
    ...LOOK,
    'dryRun',
  ])
    .argument('[id]')
    .option('--set <pointer=value>', 'mend the record: /spend=12.30; may be repeated', gather)
    .action(act(async () => (await import('./commands/quarantine-replay.ts')).quarantineReplay));
}

/** The commands about the access token. */
function addAuth(program: Command, act: Act): void {
  const auth = program
    .command('auth')
    .description('the access token: keep it, check it, make it live longer');
  const shared = ['lake', 'json'] as const;
  offer(
    auth.command('login'),
    'keep a token, encrypted; it is read from standard input',
    shared,
  ).action(act(async () => (await import('./commands/auth.ts')).authLogin));
  offer(auth.command('check'), 'what the token may do, and until when', shared).action(
    act(async () => (await import('./commands/auth.ts')).authCheck),
  );
  offer(
    auth.command('refresh'),
    'exchange the token for a long-lived one, and keep it',
    shared,
  ).action(act(async () => (await import('./commands/auth.ts')).authRefresh));
  offer(
    auth.command('permissions'),
    'what was granted to the token, and what was declined',
    shared,
  ).action(act(async () => (await import('./commands/auth.ts')).authPermissions));
}

/** Shapes that other tools expect. */
function addExports(program: Command, act: Act): void {
  offer(program.command('export'), 'write tables in the shapes that people exchange, as CSV', [
    'lake',
    'since',
    'until',
    'json',
  ])
    .argument('<what>', 'ads, accounts or robyn')
    .option('--out <file>', 'where to (default: standard output)')
    .action(act(async () => (await import('./commands/export.ts')).exportShape));
}

/** The commands for exchange rates and for what persons may ask of the lake's owner. */
function addInternal(program: Command, act: Act): void {
  const fx = program.command('fx').description('exchange rates for the figures in US dollars');
  offer(fx.command('update'), 'fetch the reference rates of the European Central Bank', [
    'lake',
    'since',
    'today',
    'dryRun',
    'json',
  ]).action(act(async () => (await import('./commands/fx.ts')).fxUpdate));
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
    .action(act(async () => (await import('./commands/purge.ts')).purgeLake));
}

/** The commands around the lake. */
function addCare(program: Command, act: Act): void {
  offer(program.command('sandbox'), 'serve a local Marketing API with synthetic data', [
    'since',
    'until',
    'today',
    'json',
  ])
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
    .action(act(async () => (await import('./commands/sandbox.ts')).sandbox));
  offer(program.command('verify'), 'read the whole lake and compare it with what is recorded', [
    'lake',
    'json',
  ]).action(act(async () => (await import('./commands/verify.ts')).verify));
  offer(program.command('repair'), 'make damaged files again from landing', [
    'lake',
    'dryRun',
    'json',
  ]).action(act(async () => (await import('./commands/verify.ts')).repair));
  offer(program.command('backup'), 'copy landing to another place, and check the copy', [
    'lake',
    'json',
  ])
    .argument('<target>', 'a folder, or an archive: NAME.tar.gz')
    .action(act(async () => (await import('./commands/backup.ts')).backup));
  offer(program.command('restore'), 'put landing back from a backup', ['lake', 'json'])
    .argument('<source>', 'what `adlake backup` wrote')
    .action(act(async () => (await import('./commands/backup.ts')).restoreBackup));
  offer(program.command('doctor'), 'check this machine, the settings and the lake', [
    'lake',
    'json',
  ]).action(act(async () => (await import('./commands/doctor.ts')).doctor));
}

function offer(command: Command, about: string, shared: readonly Shared[]): Command {
  command.description(about);
  for (const name of shared) {
    const [flags, description] = SHARED[name];
    if (REPEATABLE.has(name)) command.option(flags, description, gather);
    else command.option(flags, description);
  }
  return command.option('--debug', 'show where in the code an error came from');
}

function gather(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}
