import { usage } from './context.ts';

/** The process ends when a person stops it; the server keeps it alive until then. */
export function untilStopped(): Promise<number> {
  return new Promise(() => {});
}

/** The error of a port that cannot be had, for people; any other as it is. */
export function explainPort(error: unknown): never {
  const { code, port } = error as { code?: string; port?: number };
  if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
  throw usage(
    `The port ${port} cannot be used: ${code === 'EACCES' ? 'it is not allowed' : 'another program has it'}.`,
    'Give --port another number, or leave it out for a free one.',
  );
}
