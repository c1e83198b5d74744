import { Temporal } from 'temporal-polyfill';
import {
  type Config,
  type Environment,
  isColorRefused,
  type LoadedConfig,
  loadConfig,
} from '../config.ts';
import { type DriftPolicies, policiesOf } from '../drift/policy.ts';
import { AdlakeError } from '../errors.ts';
import { checkFormat } from '../lake-format.ts';
import { type Log, openLog } from '../log/log.ts';
import { MODELS } from '../model.ts';
import { didYouMean } from '../nearest.ts';
import { DATASETS } from '../pipeline.ts';
import type { Progress } from '../progress.ts';
import { runIdOf } from '../run-record.ts';
import type { Selection } from '../stage.ts';
import { terminalProgress } from '../terminal.ts';
import { isDay } from '../window.ts';
import type { Lake } from '../zone.ts';

/** Options that most commands share, as typed. */
export interface CommonOptions {
  readonly lake?: string;
  readonly account?: readonly string[];
  readonly dataset?: readonly string[];
  readonly since?: string;
  readonly until?: string;
  readonly today?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly debug?: boolean;
}

/** The world a command lives in: what cli.ts has and the command must not reach for. */
export interface World {
  readonly stdout: Output;
  readonly stderr: Output;
  /** Standard input, not touched before it is needed; absent: there is none. */
  readonly stdin?: () => Input;
  /** Runs when the process is asked to stop; returns a function that takes it back. */
  readonly onStop: (undo: Undo) => () => void;
  /** The folder that relative paths start from, and whose `.env` counts. */
  readonly cwd: string;
  /** Settings to use instead of the process environment. */
  readonly env?: Environment;
}

/** What is done when the process is asked to stop, before it ends. */
export type Undo = () => void | Promise<void>;

/** Where text goes. */
export interface Output {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** Where what is typed or piped in comes from. */
export interface Input extends AsyncIterable<string | Uint8Array> {
  readonly isTTY?: boolean;
  /** On a terminal: whether each key comes at once and is not shown. */
  setRawMode?(isRaw: boolean): unknown;
}

/** What was typed for one command: its arguments and all its options. */
export interface Typed {
  readonly args: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
}

/** A command: does its work and gives the exit code. */
export type Action = (context: CommandContext, typed: Typed) => Promise<number>;

/** What every command is given. */
export interface CommandContext {
  readonly config: Config;
  readonly origins: LoadedConfig['origins'];
  readonly lake: Lake;
  readonly selection: Selection;
  /** What is done when the answers for a dataset change their shape. */
  readonly drift: DriftPolicies;
  /** The day to pretend it is, in every account; null: each account's own day. */
  readonly today: string | null;
  readonly isDryRun: boolean;
  readonly isJson: boolean;
  readonly hasColor: boolean;
  readonly progress: Progress;
  /** For machines; written by commands that hold the lake. */
  readonly log: Log;
  /** When the command began, an instant in UTC; a run's id is made of it. */
  readonly startedAt: string;
  readonly world: World;
  /** Data, to standard output. */
  readonly print: (text: string) => void;
  /** Narration, to standard error, as a line. */
  readonly tell: (text: string) => void;
  /** The current instant, UTC with milliseconds. */
  readonly now: () => string;
}

/**
 * Reads the configuration and the shared options. Throws `USAGE` for a dataset, account or day that
 * is none, and what `loadConfig` throws.
 */
export function contextOf(options: CommonOptions, world: World): CommandContext {
  const { config, origins, secrets } = loadConfig({
    cwd: world.cwd,
    ...(world.env === undefined ? {} : { env: world.env }),
    ...(options.lake === undefined ? {} : { lake: options.lake }),
  });
  const hasColor = !isColorRefused(world.env);
  const isTerminal = world.stderr.isTTY === true;
  const lake = { home: config.projectRoot };
  checkFormat(lake);
  const startedAt = nowText();
  return {
    config,
    origins,
    lake,
    log: openLog({ lake, run: runIdOf(startedAt), secrets }),
    startedAt,
    selection: selectionOf(options),
    drift: policiesOf(
      config.drift,
      DATASETS.map(({ name }) => name),
    ),
    today: options.today === undefined ? null : dayOption('--today', options.today),
    isDryRun: options.dryRun ?? false,
    isJson: options.json ?? false,
    hasColor: hasColor && isTerminal,
    progress: terminalProgress({
      write: (text) => world.stderr.write(text),
      isTerminal: isTerminal && hasColor,
      hasColor: hasColor && isTerminal,
      columns: world.stderr.columns || DEFAULT_COLUMNS,
    }),
    world,
    print: (text) => world.stdout.write(text),
    tell: (text) => world.stderr.write(`${text}\n`),
    now: nowText,
  };
}

function nowText(): string {
  return Temporal.Now.instant().toString({ smallestUnit: 'millisecond' });
}

/** Some terminals say that they have no columns. */
const DEFAULT_COLUMNS = 80;

/** What `--account`, `--dataset`, `--since` and `--until` choose. Throws `USAGE`. */
export function selectionOf(options: CommonOptions): Selection {
  const since = options.since === undefined ? {} : { since: dayOption('--since', options.since) };
  const until = options.until === undefined ? {} : { until: dayOption('--until', options.until) };
  const window = { ...since, ...until };
  if (window.since !== undefined && window.until !== undefined && window.since > window.until) {
    throw usage(
      `--since ${window.since} is after --until ${window.until}; both days belong to the window.`,
      'Give --since a day that is not after --until.',
    );
  }
  return {
    ...(options.account === undefined ? {} : { accounts: split(options.account).map(accountId) }),
    ...(options.dataset === undefined ? {} : { datasets: split(options.dataset).map(datasetName) }),
    ...window,
  };
}

/** An error about what was typed. */
export function usage(message: string, remedy: string): AdlakeError {
  return new AdlakeError({ code: 'USAGE', message, remedy });
}

/** A whole number of at least `least`, as typed after `option`. Throws `USAGE`. */
export function countOption(option: string, text: string, least = 0): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(number) && number >= least) return number;
  throw usage(
    `${option} must be a whole number of at least ${least}, found ${JSON.stringify(text)}.`,
    `Give ${option} a number, for example ${option} ${Math.max(least, 10)}.`,
  );
}

function dayOption(option: string, text: string): string {
  if (isDay(text)) return text;
  throw usage(
    `${option} must be a day written YYYY-MM-DD, found ${JSON.stringify(text)}.`,
    `Write the day like 2026-03-31.`,
  );
}

function split(values: readonly string[]): readonly string[] {
  return values
    .flatMap((value) => value.split(','))
    .map((value) => value.trim())
    .filter((value) => value !== '');
}

function accountId(text: string): string {
  const id = text.replace(/^act_/, '');
  if (/^\d+$/.test(id) || OTHER_ID.test(id)) return id;
  throw usage(
    `--account must be the id of an ad account, digits with or without act_ in front, found ${JSON.stringify(text)}.`,
    'Copy the id from the Ads Manager. `adlake status` lists the accounts of this lake.',
  );
}

/** Ids of platforms that have letters in them, and the account of files that do not say theirs. */
const OTHER_ID = /^((?=.*\d)[A-Za-z0-9][A-Za-z0-9_.-]{7,63}|unknown)$/;

function datasetName(text: string): string {
  const names = [...new Set([...DATASETS, ...MODELS].map((one) => one.name))];
  if (names.includes(text)) return text;
  throw usage(
    `There is no dataset ${JSON.stringify(text)}.${didYouMean(text, names)}`,
    `Give --dataset one of: ${names.join(', ')}.`,
  );
}
