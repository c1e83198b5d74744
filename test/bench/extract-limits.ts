import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Limits } from '../../src/sandbox/usage-meter.ts';
import type { ExtractBench, ExtractFound } from './extract.ts';
import type { Tier, TierFound } from './extract-tier.ts';
import { ROOT } from './measure.ts';

const TIERS: readonly Limits[] = ['standard', 'development'];

/**
 * The time a first pull and a next day take where Meta's quotas hold, without the time of the network. Each
 * tier is a process of its own, and they run side by side: a million rows are drawn and landed for each.
 */
export async function limitsSection({ size, days }: ExtractBench): Promise<ExtractFound> {
  const found = await Promise.all(TIERS.map((limits) => tierFound({ size, days, limits })));
  return {
    lines: found.flatMap(({ lines }) => lines),
    goals: [],
    notes: found.flatMap(({ notes }) => notes),
  };
}

function tierFound(tier: Tier): Promise<TierFound> {
  const script = join(ROOT, 'test', 'bench', 'extract-tier.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, JSON.stringify(tier)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: ROOT,
  });
  let stdout = '';
  child.stdout.on('data', (text: Buffer) => {
    stdout += text.toString();
  });
  return new Promise((resolve, reject) => {
    child.once('close', (code) => {
      if (code === 0) resolve(JSON.parse(stdout) as TierFound);
      else reject(new Error(`the pulls under ${tier.limits} limits ended with ${code}`));
    });
  });
}
