import { destination, pino } from 'pino';
import { OWNER_ALONE } from '../file.ts';
import type { LogEvent, LogLevel } from './log.ts';

/**
 * Writes lines to a file at once, each with the run's id and the command, through `redact`. For the owner
 * alone: messages of errors may name accounts and campaigns.
 */
export function pinoWriter(to: {
  readonly path: string;
  readonly run: string;
  readonly command: string;
  readonly redact: (line: string) => string;
}): (level: LogLevel, event: LogEvent) => void {
  const file = destination({ dest: to.path, sync: true, mode: OWNER_ALONE });
  // A full disk is told by what the command itself writes.
  file.on('error', () => {});
  const logger = pino(
    {
      base: { run: to.run, command: to.command, pid: process.pid },
      // A line says when something happened, which may be before this was loaded.
      timestamp: false,
      formatters: { level: (label) => ({ level: label }) },
      hooks: { streamWrite: to.redact },
    },
    file,
  );
  return (level, { msg, ...fields }) => {
    try {
      logger[level](fields, msg);
    } catch {
      // The same.
    }
  };
}
