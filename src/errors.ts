/**
 * Every way adlake can stop. Each code is listed in the README with its remedy; a test keeps the two
 * in step.
 */
export type ErrorCode =
  | 'CONFIG_INVALID'
  | 'CONFIG_UNKNOWN_NAME'
  | 'USAGE'
  | 'TOKEN_MISSING'
  | 'TOKEN_REFUSED'
  | 'PERMISSION_REFUSED'
  | 'SOURCE_UNAVAILABLE'
  | 'SOURCE_LIMITED'
  | 'SOURCE_REFUSED'
  | 'LAKE_LOCKED'
  | 'LAKE_FORMAT'
  | 'DISK'
  | 'FILE_UNREADABLE'
  | 'CONTRACT_INVALID'
  | 'QUARANTINE_SHARE'
  | 'QUALITY'
  | 'DRIFT'
  | 'IMPORT_REFUSED'
  | 'ACCOUNTING'
  | 'SQL_REFUSED'
  | 'BUG';

/** Process exit codes, after BSD's sysexits: what a script that calls adlake can act on. */
export const EXIT_CODES: Readonly<Record<ErrorCode, number>> = {
  CONFIG_INVALID: 78,
  CONFIG_UNKNOWN_NAME: 78,
  USAGE: 78,
  TOKEN_MISSING: 77,
  TOKEN_REFUSED: 77,
  PERMISSION_REFUSED: 77,
  SOURCE_UNAVAILABLE: 69,
  SOURCE_LIMITED: 69,
  SOURCE_REFUSED: 69,
  LAKE_LOCKED: 75,
  LAKE_FORMAT: 78,
  DISK: 74,
  FILE_UNREADABLE: 74,
  CONTRACT_INVALID: 70,
  QUARANTINE_SHARE: 65,
  QUALITY: 65,
  DRIFT: 65,
  IMPORT_REFUSED: 65,
  ACCOUNTING: 70,
  SQL_REFUSED: 78,
  BUG: 70,
};

/** What an `AdlakeError` is made of. */
export interface ErrorDetail {
  readonly code: ErrorCode;
  /** What was expected, what was found, and where. */
  readonly message: string;
  /** What to do next, as an instruction. */
  readonly remedy: string;
  readonly cause?: unknown;
}

/** The one error that people see: a code, a message, a remedy and the exit code that goes with it. */
export class AdlakeError extends Error {
  readonly code: ErrorCode;
  readonly remedy: string;
  readonly exitCode: number;

  constructor(detail: ErrorDetail) {
    super(detail.message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.name = 'AdlakeError';
    this.code = detail.code;
    this.remedy = detail.remedy;
    this.exitCode = EXIT_CODES[detail.code];
  }
}

const DISK_ERRNOS = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM', 'EIO', 'EMFILE']);

/**
 * Turns whatever was thrown into an `AdlakeError`: one of ours stays as it is, an operating-system
 * error about the disk becomes `DISK`, and all else is a `BUG`.
 */
export function toAdlakeError(thrown: unknown): AdlakeError {
  if (thrown instanceof AdlakeError) return thrown;
  const errno = (thrown as { code?: unknown } | null)?.code;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (typeof errno === 'string' && DISK_ERRNOS.has(errno)) {
    return new AdlakeError({
      code: 'DISK',
      message: `The disk refused an operation: ${message}`,
      remedy:
        'Check free space and permissions of the lake folder, then run the same command again.',
      cause: thrown,
    });
  }
  return new AdlakeError({
    code: 'BUG',
    message: `Something happened that adlake did not expect: ${message}`,
    remedy: 'Run the same command with --debug and report what it prints.',
    cause: thrown,
  });
}
