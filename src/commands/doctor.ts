import { diagnose } from '../doctor.ts';
import type { CommandContext, Typed } from './context.ts';
import { findingText } from './finding-text.ts';

/** `adlake doctor`: checks machine, settings and lake; exit code 1 when something must be mended. */
export async function doctor(context: CommandContext, typed: Typed): Promise<number> {
  const { lake, config, origins } = context;
  const { cwd } = context.world;
  const findings = await diagnose({
    lake,
    config,
    origins,
    cwd,
    now: context.now(),
    clock: context.now,
    mends: typed.options.fix === true,
  });
  if (context.isJson) context.print(`${JSON.stringify({ findings }, null, 2)}\n`);
  else context.print(findings.map((finding) => findingText(context, finding)).join(''));
  return findings.some(({ level }) => level === 'fail') ? 1 : 0;
}
