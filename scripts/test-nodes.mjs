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
  const tool = await mkdtemp(join(tmpdir(), `node-${version}-`));
  const row = { node: version };
  try {
    await $`git -C ${checkout} ls-files -z --cached --others --exclude-standard | tar -C ${checkout} --null --ignore-failed-read -cf - -T - | tar -C ${copy} -xf -`;
    // The linter asks git which files count.
    await $`git -C ${copy} init -q`;
    const { bin, home } = await nodeOf(version, tool);
    const env = { ...process.env, PATH: `${bin}:${process.env.PATH}`, npm_config_nodedir: home };
    const node = (command) => $({ cwd: copy, nothrow: true, stdio: 'inherit', env })`${command}`;
    row.version = (await $({ env })`node --version`).stdout.trim();
    for (const [name, command] of parts) {
      const { exitCode } = await node(command);
      row[name] = exitCode === 0 ? 'ok' : `failed (${exitCode})`;
      if (exitCode !== 0) break;
    }
  } finally {
    await rm(copy, { recursive: true, force: true });
    await rm(tool, { recursive: true, force: true });
  }
  return row;
}

// The registry has each Node with its headers, which the native module is built against.
async function nodeOf(version, tool) {
  const name = `node-${process.platform}-${process.arch}`;
  await $`npm install --no-save --no-package-lock --no-fund --no-audit --prefix ${tool} ${name}@${version}`;
  const home = join(tool, 'node_modules', name);
  return { bin: join(home, 'bin'), home };
}
