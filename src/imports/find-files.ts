import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { AdlakeError } from '../errors.ts';

/** Files of one import: more would be a whole disk given by mistake. */
const MAX_FILES = 100_000;

/**
 * The files that somebody named: a file, everything in a folder and below, or a pattern with `*`, `?`
 * and `**`. Sorted, each once; names that begin with a point are left out of folders. Throws
 * `FILE_UNREADABLE` when nothing is there.
 */
export function findFiles(cwd: string, named: readonly string[]): readonly string[] {
  const found = new Set(named.flatMap((name) => filesOf(resolve(cwd, name), name)));
  if (found.size > MAX_FILES) throw missing(`more than ${MAX_FILES} files`, named.join(' '));
  return [...found].sort();
}

function filesOf(path: string, name: string): readonly string[] {
  const entry = statSync(path, { throwIfNoEntry: false });
  if (entry?.isFile() === true) return [path];
  if (entry?.isDirectory() === true) return some(below(path), name);
  if (/[*?]/.test(name)) return some(matching(path), name);
  throw missing('no such file or folder', name);
}

function some(files: readonly string[], name: string): readonly string[] {
  if (files.length > 0) return files;
  throw missing('no file', name);
}

function below(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.slice(folder.length).includes('/.'));
}

/** Files that fit a pattern: looked for below its last part without a mark. */
function matching(pattern: string): readonly string[] {
  let root = pattern;
  while (/[*?]/.test(root)) root = dirname(root);
  if (statSync(root, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  const form = new RegExp(`^${formOf(pattern)}$`, 'u');
  return below(root).filter((path) => form.test(path));
}

function formOf(pattern: string): string {
  return pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll(/\*\*\/|\*\*|\*|\?/g, (mark) => FORMS[mark] ?? mark);
}

const FORMS: Readonly<Record<string, string>> = {
  '**/': '(?:[^/]+/)*',
  '**': '.*',
  '*': '[^/]*',
  '?': '[^/]',
};

const CONTROL = /[\p{Cc}\p{Cf}]/gu;

/** A file's own name, fit to be kept and shown: no folders, no control characters, not too long. */
export function shownName(path: string): string {
  return basename(path.replaceAll('\\', '/')).replaceAll(CONTROL, '').slice(-200) || 'file';
}

function missing(found: string, name: string): AdlakeError {
  return new AdlakeError({
    code: 'FILE_UNREADABLE',
    message: `Files to import were expected at ${JSON.stringify(name)}, found ${found}.`,
    remedy: 'Check the path. Nothing was imported.',
  });
}
