import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startSandbox } from '../../src/sandbox/index.ts';
import type { ExtractBench, ExtractFound } from './extract.ts';
import { inLake } from './extract-lake.ts';
import { ROOT } from './measure.ts';

/** Memory is looked at this often; the kernel keeps the highest figure by itself. */
const LOOK_MS = 50;
const MUST_MEGABYTES = 250;

/** What of the campaigns each pull has: memory must not grow with the rows. */
const SHARES = [0.25, 0.5, 1];

/** The most memory that a process held while it pulled more and more insight rows of one account. */
export async function memorySection(bench: ExtractBench): Promise<ExtractFound> {
  const pulls: MemoryPull[] = [];
  for (const share of SHARES) {
    pulls.push(await pullOf(bench, Math.ceil(bench.memoryCampaigns * share)));
  }
  return {
    lines: pulls.map(({ what, calls, requests, rows }) => ({
      ...{ what, calls, fewest: null, requests, rows },
      ...{ share: null, 'waited h': 0 },
    })),
    goals: pulls.map(({ what, megabytes }) => ({
      ...{ what, unit: 'MB', must: MUST_MEGABYTES, aim: 200, measured: megabytes },
    })),
    notes: [],
  };
}

interface MemoryPull {
  readonly what: string;
  readonly calls: number;
  readonly requests: number;
  readonly rows: number;
  readonly megabytes: number;
}

async function pullOf(bench: ExtractBench, campaigns: number): Promise<MemoryPull> {
  const { on } = bench.size;
  const sandbox = await startSandbox({
    today: on,
    size: { accounts: 1, campaigns, inactive: 0, on },
  });
  try {
    return await inLake(async ({ home }) => {
      const argv = ['extract', '--lake', home, '--today', on, '--dataset', 'insights_ad_day'];
      const { megabytes, stdout } = await peakOf([...argv, '--json'], {
        META_API_BASE_URL: sandbox.url,
        META_ACCESS_TOKEN: sandbox.token,
        META_AD_ACCOUNT_ID: sandbox.accountIds.join(','),
        META_FIRST_PULL_DAYS: String(bench.days),
      });
      const said = JSON.parse(stdout) as { readonly extract: { readonly rows: number } };
      const { rows } = said.extract;
      const what = `memory for ${rows} insight rows`;
      return { what, calls: sandbox.calls(), requests: sandbox.requests(), rows, megabytes };
    });
  } finally {
    await sandbox.close();
  }
}

/** Runs adlake as a process of its own and gives the most memory it held at one time. */
function peakOf(
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ readonly megabytes: number; readonly stdout: string }> {
  const child = spawn(process.execPath, [join(ROOT, 'scripts', 'adlake.mjs'), ...argv], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { PATH: process.env.PATH, ...env },
  });
  let kilobytes = 0;
  let stdout = '';
  child.stdout.on('data', (text: Buffer) => {
    stdout += text.toString();
  });
  const look = setInterval(() => {
    kilobytes = Math.max(kilobytes, highWaterOf(child.pid));
  }, LOOK_MS);
  return new Promise((resolve, reject) => {
    child.once('close', (code) => {
      clearInterval(look);
      if (code === 0) resolve({ megabytes: kilobytes / 1024, stdout });
      else reject(new Error(`adlake ended with ${code}: ${stdout}`));
    });
  });
}

/** Kilobytes; 0 when the process has ended, or where there is no /proc. */
function highWaterOf(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0);
  } catch {
    return 0;
  }
}
