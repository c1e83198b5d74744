import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Defence, Edit } from './defence.ts';

const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url));
/** All that tests read of the project. */
const COPIED = [
  'src',
  'test',
  'schemas',
  'scripts',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'vitest.config.ts',
];

/** A copy of the project in a temporary folder, with the packages of the original. */
export interface Checkout {
  readonly folder: string;
  /** Takes defences out for the time of `work`. Throws when one is not where the list says. */
  readonly without: <T>(defences: readonly Defence[], work: () => Promise<T>) => Promise<T>;
  readonly remove: () => void;
}

/** Copies the project. What tests make of it by the way (compiled code) stays in the copy. */
export function copyCheckout(): Checkout {
  const folder = mkdtempSync(join(tmpdir(), 'adlake-defences-'));
  for (const name of COPIED) cpSync(join(CHECKOUT, name), join(folder, name), { recursive: true });
  linkPackages(folder);
  return {
    folder,
    without: async (defences, work) => {
      const edits = defences.flatMap((one) => one.edits);
      const before = new Map(edits.map(({ file }) => [file, textOf(folder, file)]));
      try {
        for (const edit of edits) take(folder, edit);
        return await work();
      } finally {
        for (const [file, text] of before) writeFileSync(join(folder, file), text);
      }
    },
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}

/** The text with the edit made. Throws when the words do not stand in it, or not once. */
export function edited(text: string, { file, from, to }: Edit): string {
  const count = text.split(from).length - 1;
  if (count === 1) return text.replace(from, () => to);
  throw new Error(`${file} has this ${count} times, and should have it once: ${from}`);
}

/** The text of a file of the project as it is. */
export function sourceOf(file: string): string {
  return textOf(CHECKOUT, file);
}

function take(folder: string, edit: Edit): void {
  writeFileSync(join(folder, edit.file), edited(textOf(folder, edit.file), edit));
}

function textOf(folder: string, file: string): string {
  return readFileSync(join(folder, file), 'utf8');
}

/** A folder of its own, so that what is compiled or cached in it is not the original's. */
function linkPackages(folder: string): void {
  const packages = join(CHECKOUT, 'node_modules');
  const links = join(folder, 'node_modules');
  mkdirSync(links);
  for (const name of readdirSync(packages)) {
    if (name === '.cache' || name.startsWith('.vite')) continue;
    symlinkSync(join(packages, name), join(links, name));
  }
  mkdirSync(dirname(join(links, '.cache', 'x')), { recursive: true });
}
