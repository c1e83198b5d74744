import { closeSync, openSync, readSync } from 'node:fs';
import { type Lineage, lineageOf } from '../fold/lineage.ts';
import type { Batch } from '../landing/batch.ts';

/** Where the bytes of rows lie, and what their lineage says but for their places in the page. */
export type Source =
  | { readonly kind: 'file'; readonly path: string; readonly origin: Origin }
  | { readonly kind: 'text'; readonly bytes: Buffer; readonly origin: Origin };

/** A line of the sidecar in two parts, between which the row's number stands. */
export interface Origin {
  readonly head: Buffer;
  readonly tail: Buffer;
  readonly page: string;
  /** The object whose edge was asked; empty when it was the account. */
  readonly objectId: string;
}

/** What all rows of a page have in their lineage. */
export function originOf(batch: Batch, file: string): Origin {
  return originFrom(lineageOf(batch, file, 0));
}

/** What a row's lineage has in common with those of its page. */
export function originFrom(lineage: Lineage): Origin {
  const { batch_id, page, landed_at, pulled_on, object_id, currency, timezone, source } = lineage;
  return {
    head: Buffer.from(`${batch_id},${page},`),
    tail: Buffer.from(
      `,${landed_at},${pulled_on},${object_id},${currency},${timezone},${source}\n`,
    ),
    page,
    objectId: object_id,
  };
}

/** Fills `into` with the bytes of a source that begin at `from`. Throws when it has become shorter. */
export function readSource(source: Source, from: number, into: Buffer): void {
  if (source.kind === 'text') {
    source.bytes.copy(into, 0, from);
    return;
  }
  const handle = openSync(source.path, 'r');
  try {
    readAll(handle, { into, from, path: source.path });
  } finally {
    closeSync(handle);
  }
}

/** Fills `into` with the bytes of an open file that begin at `from`. */
export function readAll(
  handle: number,
  of: { readonly into: Buffer; readonly from: number; readonly path: string },
): void {
  const { into, from, path } = of;
  for (let done = 0; done < into.length; ) {
    const count = readSync(handle, into, done, into.length - done, from + done);
    if (count === 0) throw new Error(`${path} became shorter while it was read`);
    done += count;
  }
}
