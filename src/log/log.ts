import type { Lake } from '../zone.ts';
import { redactor } from './redaction.ts';
import { logFile, rotate } from './rotation.ts';

/** Something that happened, for machines: what, to which part of the lake, and numbers about it. */
export interface LogEvent {
  readonly msg: string;
  readonly [field: string]: string | number | boolean | null | undefined;
}

/** How much it matters. */
export type LogLevel = 'info' | 'warn' | 'error';

/**
 * Where commands that write to a lake say what they do, in `cache/logs/adlake.ndjson`: one JSON object a
 * line, with the run's id. A log that cannot be written stops nobody.
 */
export interface Log {
  /** Begins to write; before that, and in commands that write nothing, all is dropped. */
  readonly begin: (command: string) => void;
  readonly write: (level: LogLevel, event: LogEvent) => void;
  /** Everything that was said is in the file when it ends. */
  readonly end: () => Promise<void>;
}

/** What every line bears, and what none may. */
export interface LogHead {
  readonly lake: Lake;
  /** The run's id. */
  readonly run: string;
  readonly secrets: readonly (string | null)[];
}

/** A log of one command. What writes it is loaded while the command works, and only if it begins. */
export function openLog(head: LogHead): Log {
  const queue: Array<readonly [LogLevel, LogEvent]> = [];
  let writer: Promise<Writer | null> | null = null;
  let isReady: Writer | null = null;
  const write: Log['write'] = (level, event) => {
    if (writer === null) return;
    if (isReady === null) queue.push([level, { time: now(), ...event }]);
    else isReady(level, { time: now(), ...event });
  };
  const ready = async (): Promise<void> => {
    const made = (await writer) ?? (() => {});
    for (const [level, event] of queue.splice(0)) made(level, event);
    isReady = made;
  };
  return {
    begin: (command) => {
      writer ??= loadWriter(head, command);
      write('info', { msg: 'begins' });
      void ready();
    },
    write,
    end: async () => {
      if (writer !== null) await ready();
    },
  };
}

/** A log that nobody reads. */
export const silentLog: Log = { begin: () => {}, write: () => {}, end: async () => {} };

type Writer = (level: LogLevel, event: LogEvent) => void;

/** Null when the file cannot be written. */
async function loadWriter(head: LogHead, command: string): Promise<Writer | null> {
  try {
    const { pinoWriter } = await import('./pino-writer.ts');
    rotate(head.lake);
    const redact = redactor(head.secrets);
    return pinoWriter({ path: logFile(head.lake), run: head.run, command, redact });
  } catch {
    return null;
  }
}

function now(): string {
  return new Date().toISOString();
}
