import { Command } from 'commander';
import { addAuth } from './cli/auth.ts';
import { addCare } from './cli/care.ts';
import { addExports } from './cli/exports.ts';
import { errorOf, jsonOf, textOf } from './cli/failure.ts';
import type { Act, Family } from './cli/family.ts';
import { addImport } from './cli/import.ts';
import { addInternal } from './cli/internal.ts';
import { addQuestions } from './cli/questions.ts';
import { addAlerts, addQuarantine, addRuns } from './cli/records.ts';
import { addStages } from './cli/stages.ts';
import type { CommonOptions, Undo, World } from './commands/context.ts';

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

/** The families of commands, in the order of `adlake --help`. A new command goes into one of them. */
const FAMILIES: readonly Family[] = [
  addStages,
  addImport,
  addQuestions,
  addQuarantine,
  addRuns,
  addAlerts,
  addAuth,
  addExports,
  addInternal,
  addCare,
];

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
  for (const add of FAMILIES) add(program, act);
  return program;
}
