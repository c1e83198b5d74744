import type { OutputFile } from '../stage.ts';
import type { TaskHead } from '../state.ts';

/** A head as it is written: for tens of thousands of tasks, names of members would be most of the text. */
export type HeadTuple = readonly [fingerprint: string, outputs: readonly OutputTuple[]];

type OutputTuple = readonly [
  path: string,
  sha256: string,
  bytes: number,
  rows: number,
  digest?: string,
];

/** Packs a head. `tail` is the task's place among those of its file, which stands in its paths again. */
export function packHead(tail: string, head: TaskHead): HeadTuple {
  const outputs = head.outputs.map(({ path, sha256, bytes, rows, digest }): OutputTuple => {
    const short = path.replace(tail, HERE);
    return digest === undefined
      ? [short, sha256, bytes, rows]
      : [short, sha256, bytes, rows, digest];
  });
  return [head.fingerprint, outputs];
}

/** Gives a packed head back. Whether a file was written then is not remembered: it is not now. */
export function unpackHead(tail: string, tuple: HeadTuple): TaskHead {
  const [fingerprint, packed] = tuple;
  const outputs = packed.map(
    ([short, sha256, bytes, rows, digest]): OutputFile => ({
      path: short.replace(HERE, () => tail),
      sha256,
      bytes,
      rows,
      changed: false,
      ...(digest === undefined ? {} : { digest }),
    }),
  );
  return { fingerprint, outputs };
}

/** No path of the lake holds it. */
const HERE = '\u0001';
