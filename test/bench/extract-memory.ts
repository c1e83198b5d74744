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

/** The most memory that a process held while it pulled many insight rows of one account. */
export async function memorySection(bench: ExtractBench): Promise<ExtractFound> {
  const { on } = bench.size;
  const size = { accounts: 1, campaigns: bench.memoryCampaigns, inactive: 0, on };
  const sandbox = await startSandbox({ today: on, size });
  try {
    return await inLake(async ({ home }) => {
      const argv = ['extract', '--lake', home, '--today', on, '--dataset', 'insights_ad_day'];
      const { megabytes, stdout } = await peakOf([...argv, '--json'], {
        META_API_BASE_URL: sandbox.url,
        META_ACCESS_TOKEN: sandbox.token,
        META_AD_ACCOUNT_ID: sandbox.accountIds.join(','),
        META_FIRST_PULL_DAYS: String(bench.days),
      });
      const { rows } = (JSON.parse(stdout) as { readonly extract: { readonly rows: number } })
        .extract;
      const what = `memory for ${rows} insight rows`;
      const calls = sandbox.calls();
      return {
        lines: [
          {
            ...{ what, calls, fewest: null, requests: sandbox.requests(), rows },
            ...{ share: null, 'waited h': 0 },
          },
        ],
        goals: [{ what, unit: 'MB', must: MUST_MEGABYTES, aim: 200, measured: megabytes }],
        notes: [],
      };
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
