import { CommanderError } from 'commander';
import { AdlakeError, toAdlakeError } from '../errors.ts';
import { cutTokens } from '../token.ts';

/** What was thrown, as an error for people; null for help and version, which commander throws too. */
export function errorOf(thrown: unknown): AdlakeError | null {
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

/** An error for standard error: what was expected and found, then what to do. */
export function textOf(error: AdlakeError, isDebug: boolean): string {
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

/** An error for standard output, as a JSON object. */
export function jsonOf(error: AdlakeError): string {
  const { code, message, remedy, exitCode } = error;
  const body = { error: { code, message: cutTokens(message), remedy, exit_code: exitCode } };
  return `${JSON.stringify(body, null, 2)}\n`;
}
