import { diagnose, type Finding } from '../doctor.ts';
import { painter } from '../terminal.ts';
import type { CommandContext, Typed } from './context.ts';

/** `adlake doctor`: checks machine, settings and lake; exit code 1 when something must be mended. */
export async function doctor(context: CommandContext, _typed: Typed): Promise<number> {
  const { lake, config, origins } = context;
  const findings = await diagnose({ lake, config, origins, cwd: context.world.cwd });
  if (context.isJson) context.print(`${JSON.stringify({ findings }, null, 2)}\n`);
  else context.print(findings.map((finding) => textOf(context, finding)).join(''));
  return findings.some(({ level }) => level === 'fail') ? 1 : 0;
}

const COLORS = { ok: 'green', warn: 'yellow', fail: 'red' } as const;

function textOf(context: CommandContext, finding: Finding): string {
  const hasColor = context.hasColor && context.world.stdout.isTTY === true;
  const level = painter(hasColor)(COLORS[finding.level], finding.level.padEnd(4));
  const lines = [
    `${level}  ${finding.what}`,
    ...(finding.why === undefined ? [] : [`      Why it matters: ${finding.why}`]),
    ...(finding.remedy === undefined ? [] : [`      What to do: ${finding.remedy}`]),
  ];
  return `${lines.join('\n')}\n`;
}
