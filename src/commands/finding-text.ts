import type { Finding } from '../finding.ts';
import { painter } from '../terminal.ts';
import type { CommandContext } from './context.ts';

const COLORS = { ok: 'green', warn: 'yellow', fail: 'red' } as const;

/** A finding as lines for a person: what, then why it matters and what to do. Ends with a newline. */
export function findingText(context: CommandContext, finding: Finding): string {
  const hasColor = context.hasColor && context.world.stdout.isTTY === true;
  const level = painter(hasColor)(COLORS[finding.level], finding.level.padEnd(4));
  const lines = [
    `${level}  ${finding.what}`,
    ...(finding.why === undefined ? [] : [`      Why it matters: ${finding.why}`]),
    ...(finding.remedy === undefined ? [] : [`      What to do: ${finding.remedy}`]),
  ];
  return `${lines.join('\n')}\n`;
}
