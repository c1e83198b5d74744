import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Lake } from '../../src/zone.ts';
import type { Outcome } from './command-line.ts';

/** All spellings in which a secret could lie about. */
export function spellings(...secrets: readonly string[]): readonly string[] {
  return secrets.flatMap((secret) => [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1).replaceAll('/', '\\/'),
    Buffer.from(secret).toString('base64').replace(/=+$/, ''),
    Buffer.from(secret).toString('hex'),
  ]);
}

/** Where one of the texts stands: files of the lake, or what was printed. */
export function leaksIn(
  lake: Lake,
  outcome: Outcome | null,
  texts: readonly string[],
): readonly string[] {
  const holds = (content: string) => texts.some((text) => content.includes(text));
  const files = readdirSync(lake.home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => existsSync(path) && holds(readFileSync(path, 'latin1') + path));
  const printed = outcome === null ? [] : (['stdout', 'stderr'] as const);
  return [
    ...files.map((path) => relative(lake.home, path)),
    ...printed.filter((name) => holds(outcome?.[name] ?? '')),
  ];
}
