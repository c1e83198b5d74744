#!/usr/bin/env node
// Installs and tests a copy of the checkout under each Node that adlake supports, and prints a table.
// `node scripts/test-nodes.mjs 20 24` tests these two alone. Native modules are built for one Node at
// a time, which is why each gets a copy and an install of its own.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { $ } from 'zx';

const checkout = fileURLToPath(new URL('..', import.meta.url));
const versions = process.argv.length > 2 ? process.argv.slice(2) : ['20', '22', '24', '26'];
const parts = [
  ['install', ['npm', 'ci', '--no-fund', '--no-audit']],
  ['types', ['npm', 'run', 'types']],
  ['lint', ['npm', 'run', 'lint']],
  ['test', ['npm', 'run', 'test:unit']],
];

const rows = [];
for (const version of versions) rows.push(await testUnder(version));
console.table(rows);
process.exitCode = rows.every((row) => parts.every(([name]) => row[name] === 'ok')) ? 0 : 1;

async function testUnder(version) {
  const copy = await mkdtemp(join(tmpdir(), `adlake-node-${version}-`));
  const row = { node: version };
  try {
    await $`git -C ${checkout} ls-files -z --cached --others --exclude-standard | tar -C ${checkout} --null --ignore-failed-read -cf - -T - | tar -C ${copy} -xf -`;
    // The linter asks git which files count.
    await $`git -C ${copy} init -q`;
    const node = (command) =>
      $({ cwd: copy, nothrow: true, stdio: 'inherit' })`npx -y -p node@${version} -- ${command}`;
    const { stdout } = await $`npx -y -p node@${version} -- node --version`;
    row.version = stdout.trim();
    for (const [name, command] of parts) {
      const { exitCode } = await node(command);
      row[name] = exitCode === 0 ? 'ok' : `failed (${exitCode})`;
      if (exitCode !== 0) break;
    }
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
  return row;
}
