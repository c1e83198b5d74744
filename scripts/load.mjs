// Loads a module of src/: compiled to JavaScript when that can be done, else as it is, through tsx.
// What was compiled is kept in node_modules/.cache/adlake, one folder for each state of src/.
import { createHash, randomUUID } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import module from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const checkout = realpathSync(fileURLToPath(new URL('..', import.meta.url)));
const cache = join(checkout, 'node_modules', '.cache', 'adlake');

/** Modules that are loaded from outside: each becomes a file of its name. */
const ENTRIES = ['cli', 'task-worker'];

/** They bring machine code, or are large and seldom needed: they stay packages of their own. */
const KEPT_OUT = ['@duckdb/node-bindings', 'better-sqlite3', 'undici'];

/** A folder that nobody started from for a day can go: what still runs has long loaded its parts. */
const UNUSED_MILLISECONDS = 24 * 60 * 60 * 1000;

/**
 * Gives what `src/<name>.ts` exports. With `--debug`, errors show the lines of src/, and why nothing
 * was compiled is told.
 */
export async function load(name, argv = []) {
  const isDebug = argv.includes('--debug');
  if (isDebug) process.setSourceMapsEnabled(true);
  try {
    const folder = await compiledFolder();
    module.enableCompileCache?.(join(cache, 'v8'));
    return await import(pathToFileURL(join(folder, `${name}.mjs`)).href);
  } catch (error) {
    if (isDebug) console.error(`Not compiled, running through tsx: ${error.message}`);
  }
  const { register } = await import('tsx/esm/api');
  register({ tsconfig: false });
  return import(pathToFileURL(join(checkout, 'src', `${name}.ts`)).href);
}

/** The folder with the compiled form of src/ as it is now; made when it is not there. */
async function compiledFolder() {
  const print = fingerprint();
  const folder = join(cache, print);
  if (existsSync(folder)) {
    utimesSync(folder, new Date(), new Date());
    return folder;
  }
  const packages = join(checkout, 'node_modules');
  if (realpathSync(packages) !== packages) throw new Error('node_modules is a link.');
  const unfinished = join(cache, `unfinished-${randomUUID()}`);
  mkdirSync(unfinished, { recursive: true });
  try {
    write(await compile(unfinished));
    if (fingerprint() !== print) throw new Error('src/ was changed at the same moment.');
    publish(unfinished, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  removeUnused();
  return folder;
}

/** Path, size and time of every file that counts: a few milliseconds, where reading all takes many. */
function fingerprint() {
  const hash = createHash('sha256').update(process.platform);
  const stamp = (path) => {
    const { size, mtimeMs } = statSync(path);
    hash.update(`${path}\0${size}\0${mtimeMs}\n`);
  };
  for (const entry of readdirSync(join(checkout, 'src'), {
    recursive: true,
    withFileTypes: true,
  })) {
    if (entry.isFile()) stamp(join(entry.parentPath ?? entry.path, entry.name));
  }
  stamp(fileURLToPath(import.meta.url));
  stamp(join(checkout, 'package.json'));
  const installed = join(checkout, 'node_modules', '.package-lock.json');
  if (existsSync(installed)) stamp(installed);
  return hash.digest('hex').slice(0, 32);
}

async function compile(folder) {
  const { build, stop } = await import('esbuild');
  const { outputFiles } = await build({
    absWorkingDir: checkout,
    entryPoints: ENTRIES.map((entry) => join('src', `${entry}.ts`)),
    outdir: folder,
    write: false,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.12',
    outExtension: { '.js': '.mjs' },
    external: KEPT_OUT,
    minifySyntax: true,
    minifyWhitespace: true,
    sourcemap: 'linked',
    sourcesContent: false,
    // Bundled CommonJS packages ask for Node's own modules by require.
    banner: {
      js: "import{createRequire as requireFrom}from'node:module';const require=requireFrom(import.meta.url);",
    },
    logLevel: 'silent',
  });
  // Its process would stay as long as ours does, with some 100 MB.
  await stop();
  return outputFiles;
}

function write(files) {
  for (const { path, contents } of files) {
    const handle = openSync(path, 'w');
    writeFileSync(handle, contents);
    fsyncSync(handle);
    closeSync(handle);
  }
}

/** Whole or not at all: of two that compile at once, the second finds the folder of the first. */
function publish(unfinished, folder) {
  try {
    renameSync(unfinished, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  }
}

function removeUnused() {
  const now = Date.now();
  for (const name of readdirSync(cache)) {
    const path = join(cache, name);
    const isUnused = now - statSync(path).mtimeMs > UNUSED_MILLISECONDS;
    if (name !== 'v8' && isUnused) rmSync(path, { recursive: true, force: true });
  }
}
