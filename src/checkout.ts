import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The checkout that this code belongs to, whether it runs as it is written or compiled (somewhere below
 * `node_modules`): the nearest folder above it with adlake's `package.json`, without a slash at its end.
 */
export const CHECKOUT = checkoutAbove(dirname(fileURLToPath(import.meta.url)));

function checkoutAbove(folder: string): string {
  if (isCheckout(folder)) return folder;
  const above = dirname(folder);
  if (above === folder) throw new Error('adlake does not find the package.json it came with.');
  return checkoutAbove(above);
}

function isCheckout(folder: string): boolean {
  const manifest = join(folder, 'package.json');
  if (!existsSync(manifest)) return false;
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { name?: unknown }).name === 'adlake';
}
