import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** How a process ended: its exit code, or the signal that killed it, and what it wrote. */
export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What the fault layer is told; see the head of `fault-layer.mjs`. */
export type Faults = Readonly<Record<string, string | number>>;

const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url));
const LAYER = new URL('fault-layer.mjs', import.meta.url);
const FIXED_CLOCK = new URL('fixed-clock.mjs', import.meta.url);

/** When every run of a torture is: long before any file was made, as files whose times are known must be. */
export const CLOCK = '2001-01-01T00:00:00Z';
/** An empty folder: no `.env` of the person who runs this counts. */
const CWD = mkdtempSync(join(tmpdir(), 'adlake-torture-'));
/** A run here takes a second; one that takes this long hangs. */
const HUNG_MILLISECONDS = 120_000;

/** Runs adlake on a lake as a process of its own, through the fault layer when faults are given. */
export function runAdlake(
  argv: readonly string[],
  at: {
    readonly home: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly faults?: Faults | null;
    /** The clock stands still at `CLOCK`. */
    readonly isClockFixed?: boolean;
  },
): Promise<Ended> {
  const faults = at.faults === null || at.faults === undefined ? [] : ['--import', layerUrl(at)];
  const layer = at.isClockFixed === true ? [...faults, '--import', clockUrl()] : faults;
  const script = join(CHECKOUT, 'scripts', 'adlake.mjs');
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...layer, script, ...argv, '--lake', at.home], {
      cwd: CWD,
      env: { PATH: process.env.PATH, TZ: 'Pacific/Kiritimati', ...at.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: HUNG_MILLISECONDS,
    });
    const written = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk) => {
      written.stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      written.stderr += chunk;
    });
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, ...written }));
  });
}

function clockUrl(): string {
  const url = new URL(FIXED_CLOCK);
  url.searchParams.set('at', CLOCK);
  return url.href;
}

function layerUrl(at: { readonly home: string; readonly faults?: Faults | null }): string {
  const url = new URL(LAYER);
  url.searchParams.set('home', at.home);
  for (const [name, value] of Object.entries(at.faults ?? {})) {
    url.searchParams.set(name, String(value));
  }
  return url.href;
}
