import type { Command } from 'commander';
import type { Action } from '../commands/context.ts';

/** Adds the commands of one family to the program. */
export type Family = (program: Command, act: Act) => void;

/**
 * Makes what commander calls out of a command that is loaded when it is called, so that no command
 * waits for the code of another.
 */
export type Act = (load: () => Promise<Action>) => (...typed: readonly unknown[]) => Promise<void>;

/**
 * Describes a command and gives it the options that it shares with others, and `--debug`. What belongs
 * to it alone is added to what this returns.
 */
export function offer(command: Command, about: string, shared: readonly Shared[]): Command {
  command.description(about);
  for (const name of shared) {
    const [flags, description] = SHARED[name];
    if (REPEATABLE.has(name)) command.option(flags, description, gather);
    else command.option(flags, description);
  }
  return command.option('--debug', 'show where in the code an error came from');
}

/** The value of an option that may be repeated: what was typed so far, and this one. */
export function gather(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

/** An option that several commands have. */
export type Shared = keyof typeof SHARED;

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

/** Options of commands that change the lake. */
export const WORK: readonly Shared[] = [
  'lake',
  'account',
  'dataset',
  'since',
  'until',
  'today',
  'dryRun',
  'json',
];

/** Options of commands that look at it. */
export const LOOK: readonly Shared[] = ['lake', 'account', 'dataset', 'json'];
