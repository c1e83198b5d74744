/** The stages of a run, as a person sees them. */
export type StageName =
  | 'api-to-landing'
  | 'landing-to-raw'
  | 'raw-to-staging'
  | 'staging-to-curated';

/**
 * Where work tells how far it is. Narration for people, on standard error; never data. The terminal
 * shows bars, a pipe gets plain lines, tests collect them.
 */
export interface Progress {
  /** A stage begins; `total` steps are ahead, or null when that is not known yet. */
  start(stage: StageName, total: number | null): void;
  /** `done` of `total` steps are finished; `doing` says what was just done. */
  step(
    stage: StageName,
    at: { readonly done: number; readonly total: number | null; readonly doing: string },
  ): void;
  /** The stage has ended; `summary` is one line. */
  finish(stage: StageName, summary: string): void;
  /** Something worth knowing that is not wrong. */
  note(text: string): void;
  /** Something that a person should look at. */
  warn(text: string): void;
}

/** A progress that tells nobody. */
export const silent: Progress = {
  start: () => {},
  step: () => {},
  finish: () => {},
  note: () => {},
  warn: () => {},
};
