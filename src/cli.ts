import { Command, CommanderError } from 'commander';
import type { CommandContext, CommonOptions, World } from './commands/context.ts';
import { AdlakeError, toAdlakeError } from './errors.ts';
import { cutTokens } from './token.ts';

/** What was typed for one command: its arguments and all its options. */
export interface Typed {
  readonly args: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
}

/** A command: does its work and gives the exit code. */
export type Action = (context: CommandContext, typed: Typed) => Promise<number>;

/**
 * Runs adlake for this process: its arguments, its streams, its exit code. Ctrl-C lets go of the lake
 * and ends with 130; a reader that closes the pipe ends it quietly.
 */
export async function main(): Promise<void> {
  const undos = new Set<() => void>();
  const stop = (code: number) => {
    for (const undo of undos) undo();
    process.exit(code);
  };
  process.once('SIGINT', () => stop(130));
  process.once('SIGTERM', () => stop(143));
  process.stdout.on('error', (error: { code?: string }) => {
    if (error.code === 'EPIPE') stop(0);
  });
  const onStop = (undo: () => void) => {
    undos.add(undo);
    return () => undos.delete(undo);
  };
  const world = { stdout: process.stdout, stderr: process.stderr, onStop };
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
    await program.parseAsync([...argv], { from: 'user' });
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
  const message = thrown.message.replace(/^error: /, '').replace(/\n\((.*)\)$/, '. $1');
  return new AdlakeError({
    code: 'USAGE',
    message: `${message.charAt(0).toUpperCase()}${message.slice(1)}`.replace(/([^.?!])$/, '$1.'),
    remedy: 'See `adlake --help`, or `adlake <command> --help` for the options of one command.',
    cause: thrown,
  });
}

function textOf(error: AdlakeError, isDebug: boolean): string {
  const lines = [
    `Error ${error.code}: ${error.message}`,
    `What to do: ${error.remedy}`,
    ...(isDebug ? [error.stack ?? '', ...causesOf(error.cause)] : []),
  ];
  return `${cutTokens(lines.join('\n'))}\n`;
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

function programOf(world: World, end: (exitCode: number) => void): Command {
  const act: Act =
    (load) =>
    async (...typed) => {
      const command = typed.at(-1) as Command;
      const options = command.opts<CommonOptions & Record<string, unknown>>();
      const [{ contextOf }, action] = await Promise.all([
        import('./commands/context.ts'),
        load(),
      ]);
      end(await action(contextOf(options, world), { args: command.args, options }));
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
  program.action(() => program.outputHelp());
  program.allowExcessArguments(true);
  program.hook('preAction', (_, command) => refuseUnknown(program, command));
  addStages(program, act);
  addQuestions(program, act);
  addCare(program, act);
  return program;
}
