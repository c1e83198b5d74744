import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, uptime } from 'node:os';
import { dirname } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import { AdlakeError } from './errors.ts';
import { syncFile } from './file.ts';
import { cacheFile, type Lake } from './zone.ts';

/** Who holds a lake. */
export interface Holder {
  readonly pid: number;
  readonly host: string;
  /** Instant in UTC. */
  readonly started: string;
  /** The command, for people. */
  readonly command: string;
}

/** A lake that nobody else may write to until it is released. */
export interface Lock {
  /** True when the last holder died without releasing it: it may have left unfinished files. */
  readonly isTakenOver: boolean;
  /** Lets go; may be called twice. */
  readonly release: () => void;
}

/**
 * Takes the lake for one writer: `cache/lake.lock` with process id, host and start. A holder on this
 * machine that is no longer alive is replaced. Throws `LAKE_LOCKED` when somebody else holds it.
 */
export function lockLake(lake: Lake, command: string): Lock {
  const path = lockFile(lake);
  mkdirSync(dirname(path), { recursive: true });
  const holder: Holder = {
    pid: process.pid,
    host: hostname(),
    started: Temporal.Now.instant().toString({ smallestUnit: 'second' }),
    command,
  };
  const text = `${JSON.stringify(holder)}\n`;
  if (claim(path, text)) return held(path, { text, isTakenOver: false });
  const found = readText(path);
  if (found !== null && isAlive(holderIn(found))) throw lockedBy(path, holderIn(found));
  if (found !== null) removeDead(path, found);
  // One that was let go in between was nobody's who died.
  if (claim(path, text)) return held(path, { text, isTakenOver: found !== null });
  throw lockedBy(path, holderIn(readText(path) ?? ''));
}

/** Who holds the lake, and whether that process is still alive; null when nobody does. */
export function lockHolder(
  lake: Lake,
): { readonly holder: Holder | null; isAlive: boolean } | null {
  const text = readText(lockFile(lake));
  if (text === null) return null;
  const holder = holderIn(text);
  return { holder, isAlive: isAlive(holder) };
}

/** The lock file of a lake. */
export function lockFile(lake: Lake): string {
  return cacheFile(lake, 'lake.lock');
}

/**
 * A hard link is made whole or not at all, and its bytes are on the disk before it is made, so nobody
 * reads half a lock, not even after a power cut. False when it is taken.
 */
function claim(path: string, text: string): boolean {
  const own = `${path}.${process.pid}`;
  writeFileSync(own, text);
  syncFile(own);
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === 'EEXIST') return false;
    return claimWithoutLink(path, text);
  } finally {
    rmSync(own, { force: true });
  }
}

/** Some file systems know no hard links. */
function claimWithoutLink(path: string, text: string): boolean {
  try {
    writeFileSync(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === 'EEXIST') return false;
    throw error;
  }
}

/** Of two that find the same dead holder, one may get here late: what it took away it puts back. */
function removeDead(path: string, expected: string): void {
  const aside = `${path}.${process.pid}.dead`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return;
    throw error;
  }
  const isExpected = readText(aside) === expected;
  if (!isExpected) linkSync(aside, path);
  rmSync(aside, { force: true });
}

function held(path: string, lock: { readonly text: string; readonly isTakenOver: boolean }): Lock {
  return {
    isTakenOver: lock.isTakenOver,
    release: () => {
      if (readText(path) === lock.text) rmSync(path, { force: true });
    },
  };
}

/** A lock from before this machine started is nobody's, whoever has its process id now. */
function isAlive(holder: Holder | null): boolean {
  if (holder === null || holder.host !== hostname()) return true;
  if (isOlderThan(holder, uptime() + CLOCK_SECONDS)) return false;
  if (holder.pid === process.pid) return isHeldHere(holder);
  try {
    process.kill(holder.pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
}

/** How far the clock may have been set while a lock was held. */
const CLOCK_SECONDS = 60;

/** Our own process id in a lock from before we began belongs to a process that is gone. */
function isHeldHere(holder: Holder): boolean {
  return !isOlderThan(holder, performance.now() / 1000 + 1);
}

function isOlderThan(holder: Holder, seconds: number): boolean {
  const then = Temporal.Now.instant().subtract({ milliseconds: Math.ceil(seconds * 1000) });
  try {
    return Temporal.Instant.compare(holder.started, then) < 0;
  } catch {
    return false;
  }
}

function holderIn(text: string): Holder | null {
  try {
    const holder = JSON.parse(text) as Partial<Holder> | null;
    const { pid, host, started, command } = holder ?? {};
    if (typeof pid !== 'number' || typeof host !== 'string') return null;
    return { pid, host, started: String(started), command: String(command) };
  } catch {
    return null;
  }
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return null;
    throw error;
  }
}

function lockedBy(path: string, holder: Holder | null): AdlakeError {
  const who =
    holder === null
      ? 'somebody who left no name'
      : `adlake ${holder.command} (process ${holder.pid} on ${holder.host}, since ${holder.started})`;
  return new AdlakeError({
    code: 'LAKE_LOCKED',
    message: `The lake is being written to by ${who}. Only one command at a time may write.`,
    remedy: `Wait until it has ended and try again. If you are sure that it is not running, remove ${path}.`,
  });
}
