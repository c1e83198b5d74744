/** Something in a lake that is not as it was left. */
export interface Damage {
  /**
   * - `page`: bytes in landing that came from a source and are missing or changed. Nothing can make them again.
   * - `file`: a file that follows from landing and is missing or changed. It can be made again.
   * - `accounting`: a task whose rows do not add up.
   */
  readonly kind: 'page' | 'file' | 'accounting';
  /** From the lake's home. */
  readonly path: string;
  /** What was expected and what was found, as part of a sentence. */
  readonly found: string;
}

/** What was looked at, and what was wrong with it. */
export interface Verdict {
  /** Files whose bytes were compared with what is recorded of them. */
  readonly files: number;
  readonly bytes: number;
  /** Tasks whose rows were added up. */
  readonly tasks: number;
  /** Tasks whose files are not up to date, so nothing can be said of them; the next run does them. */
  readonly due: number;
  /** Files that nobody recorded. They may be somebody's own. */
  readonly strangers: readonly string[];
  readonly damages: readonly Damage[];
}

/** Nothing looked at, nothing found: to add to. */
export const NOTHING: Verdict = {
  files: 0,
  bytes: 0,
  tasks: 0,
  due: 0,
  strangers: [],
  damages: [],
};

/** Adds two verdicts. */
export function addVerdicts(left: Verdict, right: Verdict): Verdict {
  return {
    files: left.files + right.files,
    bytes: left.bytes + right.bytes,
    tasks: left.tasks + right.tasks,
    due: left.due + right.due,
    strangers: [...left.strangers, ...right.strangers],
    damages: [...left.damages, ...right.damages],
  };
}
