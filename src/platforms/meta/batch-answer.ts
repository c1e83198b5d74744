import type { Headers } from './classify.ts';

/** Most requests in one batch (Meta, batch requests). */
export const MAX_BATCH = 50;

/** The answer to one request of a batch, as if it had come alone. */
export interface BatchEntry {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
}

/**
 * The answers of a batch in the order of its requests; null for one that was not run, or whose answer
 * is not what the API sends.
 */
export function batchEntries(bytes: Buffer): readonly (BatchEntry | null)[] {
  const parsed = JSON.parse(bytes.toString('utf8')) as unknown;
  return Array.isArray(parsed) ? parsed.map(entryOf) : [];
}

function entryOf(value: unknown): BatchEntry | null {
  if (typeof value !== 'object' || value === null) return null;
  const { code, headers, body } = value as Readonly<Record<string, unknown>>;
  if (typeof code !== 'number' || typeof body !== 'string') return null;
  return { status: code, headers: headersOf(headers), bytes: Buffer.from(body) };
}

/** In a batch, headers are a list of names and values. */
function headersOf(list: unknown): Headers {
  if (!Array.isArray(list)) return {};
  const pairs = list.flatMap((one: unknown): readonly (readonly [string, string])[] => {
    const { name, value } = (one ?? {}) as { readonly name?: unknown; readonly value?: unknown };
    return typeof name === 'string' && typeof value === 'string'
      ? [[name.toLowerCase(), value]]
      : [];
  });
  return Object.fromEntries(pairs);
}
