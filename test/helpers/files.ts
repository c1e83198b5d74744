import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Every file below a folder, by path, with the hash of its bytes and the time it was written. */
export function filesWithTimes(folder: string): Readonly<Record<string, string>> {
  if (!existsSync(folder)) return {};
  const found = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return Object.fromEntries(
    found.map((path) => {
      const hash = createHash('sha256').update(readFileSync(path)).digest('hex');
      return [relative(folder, path), `${hash} ${statSync(path).mtimeMs}`];
    }),
  );
}
