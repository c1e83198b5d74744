/** A change of one file of the project, in its exact words. */
export interface Edit {
  /** From the project's folder. */
  readonly file: string;
  /** Stands in the file once, or the defence is no longer where the list says. */
  readonly from: string;
  readonly to: string;
}

/** A test, by its file and a part of its full name. */
export interface Guard {
  readonly file: string;
  readonly test: string;
}

/** Something that keeps data, secrets or machines safe, how it is taken out, and the test that notices. */
export interface Defence {
  /** What is missing once it is taken out; unique. */
  readonly name: string;
  readonly edits: readonly Edit[];
  readonly guard: Guard;
  /** True for the few that `npm test` takes out, too: their guards take no time. */
  readonly isQuick?: true;
  /** True where its guard does not end without it: running out of time is then how it is missed. */
  readonly hangs?: true;
}

/** A defence that one edit takes out. */
export function defence(
  name: string,
  edit: readonly [file: string, from: string, to: string],
  guard: readonly [file: string, test: string],
): Defence {
  const [file, from, to] = edit;
  const [testFile, test] = guard;
  return { name, edits: [{ file, from, to }], guard: { file: testFile, test } };
}

/** The same, taken out by `npm test`, too. */
export function quick(one: Defence): Defence {
  return { ...one, isQuick: true };
}
