// Loaded before adlake with `node --import 'file:///…/fault-layer.mjs?home=…'`: stands between adlake
// and the disk. It numbers every operation that changes a file of the lake, and does one of these:
//
//   ?report=FILE       at the end, writes down the operations in order
//   ?kill=N            kills the process (SIGKILL) at point N; each operation has a point before (even
//                      numbers) and a point after it (odd numbers)
//   ?killAfter=TEXT    kills it after the first operation whose name and path contain the text
//   ?kill=N&lose=SEED  and takes away what a power cut may take: bytes that were not synced, and
//                      renames and removals whose folder was not synced; which of them, the seed draws
//   ?refuse=CODE&at=N  refuses operation N and all after it with this error, as a full disk does
//   ?states=FOLDER     keeps the lake as it is before each operation, and at the end: what a kill there
//                      would leave. `states.ndjson` holds one line for each, with what is other than
//                      in the line before; the bytes are in files named by their hash
//   ?without=NAME      does not do operations of this name, and says that it did: a defence taken out
//
// No part of adlake knows of it. Files that an engine writes without Node count as not synced until
// adlake syncs them.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { dirname, join, resolve, sep } from 'node:path';

const settings = new URL(import.meta.url).searchParams;
const home = `${resolve(settings.get('home') ?? '/nowhere')}${sep}`;
const killAt = Number(settings.get('kill') ?? -1);
const killAfter = settings.get('killAfter');
const loses = settings.has('lose');
const refusal = settings.get('refuse');
const refusesFrom = Number(settings.get('at') ?? 0);
const without = settings.get('without');
const statesIn = settings.get('states');
const real = { ...fs };
const NEEDS_SPACE = new Set(['openSync', 'writeSync', 'writevSync', 'writeFileSync', 'mkdirSync']);

const seen = [];
const pathOf = new Map();
/** Files whose bytes are known to be on the disk. What is not here may be torn. */
const synced = new Set();
/** Changes of folders that are not on the disk yet, oldest first, each with the way back. */
let pending = [];

for (const name of ['writeSync', 'writevSync', 'fsyncSync', 'fdatasyncSync', 'ftruncateSync']) {
  wrap(name, (handle) => pathOf.get(handle));
}
for (const name of ['writeFileSync', 'appendFileSync', 'rmSync', 'unlinkSync', 'mkdirSync']) {
  wrap(name, (path) => path);
}
wrap('renameSync', (_from, to) => to);
wrap('linkSync', (_from, to) => to);
wrap('copyFileSync', (_from, to) => to);
wrapOpen();
wrapFlush();
syncBuiltinESMExports();

process.on('exit', () => {
  if (statesIn !== null) keepState('the end', null);
  const report = settings.get('report');
  if (report !== null) real.writeFileSync(report, `${seen.join('\n')}\n`);
});

function wrap(name, find) {
  fs[name] = (...args) => {
    const path = find(...args);
    if (!isOfLake(path)) return real[name](...args);
    return act(name, { path: resolve(path), args });
  };
}

function wrapOpen() {
  fs.openSync = (path, flags = 'r', ...more) => {
    const writes = typeof flags === 'string' && flags !== 'r';
    if (!isOfLake(path)) return real.openSync(path, flags, ...more);
    const handle = writes
      ? act('openSync', { path: resolve(path), args: [path, flags, ...more] })
      : real.openSync(path, flags, ...more);
    pathOf.set(handle, resolve(path));
    return handle;
  };
  fs.closeSync = (handle) => {
    pathOf.delete(handle);
    return real.closeSync(handle);
  };
}

/** What flushes a file while the process goes on: an operation like the one that waits, done when it is told. */
function wrapFlush() {
  fs.fsync = (handle, done) => {
    const path = pathOf.get(handle);
    if (!isOfLake(path)) return real.fsync(handle, done);
    const number = seen.length;
    seen.push(`fsyncSync ${path.slice(home.length)}`);
    if (statesIn !== null) keepState(`before ${seen[number]}`, [path]);
    if (number * 2 === killAt) die();
    if (number >= refusesFrom && isRefused('fsyncSync')) {
      return process.nextTick(done, refused('fsync', path));
    }
    const flush =
      without === 'fsyncSync' ? (_handle, then) => process.nextTick(then, null) : real.fsync;
    return flush(handle, (error) => {
      remember('fsyncSync', path, { args: [handle], back: null });
      if (number * 2 + 1 === killAt) die();
      done(error);
    });
  };
}

function isOfLake(path) {
  return typeof path === 'string' && `${resolve(path)}${sep}`.startsWith(home);
}

function act(name, { path, args }) {
  const number = seen.length;
  seen.push(`${name} ${path.slice(home.length)}`);
  if (statesIn !== null) keepState(`before ${seen[number]}`, [path, ...moved(name, args)]);
  if (number * 2 === killAt) die();
  if (number >= refusesFrom && isRefused(name)) throw refused(name, path);
  const back = loses ? wayBack(name, path, args) : null;
  const result = name === without ? undefined : real[name](...args);
  remember(name, path, { args, back });
  if (number * 2 + 1 === killAt) die();
  if (killAfter !== null && seen[number].includes(killAfter)) die();
  return result;
}

/** A full disk still removes and renames; one that is read-only does nothing at all. */
function isRefused(name) {
  return refusal === 'ENOSPC' ? NEEDS_SPACE.has(name) : refusal !== null;
}

function refused(name, path) {
  return Object.assign(new Error(`${refusal}: made up by the fault layer, ${name} '${path}'`), {
    code: refusal,
    syscall: name.replace('Sync', ''),
    path,
  });
}

function remember(name, path, { args, back }) {
  if (name === 'fsyncSync' || name === 'fdatasyncSync') {
    synced.add(path);
    if (name !== without) pending = pending.filter((change) => change.folder !== path);
    else synced.delete(path);
  } else if (name === 'renameSync' || name === 'linkSync') {
    const from = resolve(args[0]);
    if (synced.has(from)) synced.add(path);
    else synced.delete(path);
    if (name === 'renameSync') synced.delete(from);
  } else if (name !== 'mkdirSync') synced.delete(path);
  if (back !== null) pending.push({ folder: dirname(path), back });
}

/** How the folder was before: for renames and removals, which are lost when it is not synced. */
function wayBack(name, path, args) {
  if (name !== 'renameSync' && name !== 'rmSync' && name !== 'unlinkSync') return null;
  const before = bytesOf(path);
  if (name !== 'renameSync') return before && (() => put(path, before));
  const from = resolve(args[0]);
  if (real.statSync(from, { throwIfNoEntry: false })?.isDirectory() === true) {
    return () => {
      if (real.existsSync(path) && !real.existsSync(from)) real.renameSync(path, from);
    };
  }
  const isSynced = synced.has(from);
  return () => {
    const moved = bytesOf(path);
    if (before === null) real.rmSync(path, { force: true });
    else put(path, before);
    if (moved === null) return;
    put(from, moved);
    if (isSynced) synced.add(from);
  };
}

function put(path, bytes) {
  real.mkdirSync(dirname(path), { recursive: true });
  real.writeFileSync(path, bytes);
}

function bytesOf(path) {
  try {
    return real.readFileSync(path);
  } catch {
    return null;
  }
}

function die() {
  if (loses) losePower(Number(settings.get('lose')));
  const report = settings.get('report');
  if (report !== null) real.writeFileSync(report, `${seen.join('\n')}\n`);
  process.kill(process.pid, 'SIGKILL');
  // The signal may come a moment late; nothing may happen in it.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

/** A drawn part of what was not synced is lost: first changes of folders, newest first, then bytes. */
function losePower(seed) {
  const draw = drawing(seed + killAt * 7919);
  for (const { back } of pending.toReversed()) if (draw() < 0.5) back();
  for (const path of touchedFiles()) {
    if (synced.has(path)) continue;
    const bytes = bytesOf(path);
    if (bytes === null) continue;
    const fate = draw();
    if (fate < 0.3) real.truncateSync(path, 0);
    else if (fate < 0.6) real.truncateSync(path, Math.floor(bytes.length * draw()));
    else if (fate < 0.75) real.writeFileSync(path, Buffer.alloc(bytes.length));
  }
}

/** Every file that an operation of this process named. SQLite keeps its own files whole. */
function touchedFiles() {
  const paths = seen.map((line) => home + line.slice(line.indexOf(' ') + 1));
  return [...new Set(paths)].filter(
    (path) => real.statSync(path, { throwIfNoEntry: false })?.isFile() && !path.includes('.db'),
  );
}

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
function drawing(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Path to the stamp of every file and folder of the lake, as they were last kept. */
const kept = new Map();
/** What the operation before has touched: paths, or null for all of the lake. */
let touched = null;
/** Where an engine writes by itself, without an operation that is seen. */
const ENGINES = ['zones/curated', 'cache'];

function moved(name, args) {
  return name === 'renameSync' || name === 'linkSync' ? [resolve(args[0])] : [];
}

/** Looks only where something may have changed since it was kept last: all else is as it was. */
function keepState(at, next) {
  const set = {};
  const gone = [];
  const places = touched?.map((path) => path.slice(home.length)) ?? null;
  for (const place of places === null || next === null ? [''] : [...places, ...ENGINES]) {
    const now = stampsAt(place);
    for (const [path, stamp] of now) {
      if (kept.get(path) === stamp) continue;
      set[path] = stamp === 'folder' ? null : keepBytes(join(home, path));
      kept.set(path, stamp);
    }
    for (const path of kept.keys()) {
      const isBelow = place === '' || path === place || path.startsWith(`${place}${sep}`);
      if (!isBelow || now.has(path)) continue;
      kept.delete(path);
      gone.push(path);
    }
  }
  touched = next;
  real.appendFileSync(join(statesIn, 'states.ndjson'), `${JSON.stringify({ at, set, gone })}\n`);
}

/** Stamps of what lies at a place and below it, and of the folders above it. */
function stampsAt(place) {
  const found = new Map();
  const stamp = (path) => {
    const stats = real.lstatSync(path, { bigint: true, throwIfNoEntry: false });
    if (stats === undefined || path === home.slice(0, -1)) return null;
    const { size, mtimeNs, ctimeNs, ino } = stats;
    const text = stats.isDirectory() ? 'folder' : `${size} ${mtimeNs} ${ctimeNs} ${ino}`;
    found.set(path.slice(home.length), text);
    return text;
  };
  const top = join(home, place).replace(/[/\\]$/, '');
  if (top.length >= home.length) {
    for (let above = dirname(top); above.length > home.length; above = dirname(above)) stamp(above);
    if (stamp(top) !== 'folder') return found;
  }
  if (!real.existsSync(top)) return found;
  for (const entry of real.readdirSync(top, { recursive: true, withFileTypes: true })) {
    stamp(join(entry.parentPath ?? entry.path, entry.name));
  }
  return found;
}

function keepBytes(path) {
  const bytes = real.readFileSync(path);
  const name = createHash('sha256').update(bytes).digest('hex');
  if (!real.existsSync(join(statesIn, name))) real.writeFileSync(join(statesIn, name), bytes);
  return name;
}
