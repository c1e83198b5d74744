import type { CommandContext, Input } from './context.ts';
import { usage } from './context.ts';

/** Meta's tokens have about 200 characters; far more than this is something else. */
const MAX_TOKEN_LENGTH = 4_096;

/**
 * The token that a person types unseen, or that is piped in. It is never an argument, because
 * arguments are in the list of processes and in the shell's history. Throws `USAGE` when nothing or no
 * token came.
 */
export async function typedToken(context: CommandContext): Promise<string> {
  return checked((await typedUnseen(context, 'Access token')) ?? '');
}

/**
 * What a person types unseen after `prompt`, or what is piped in; null when there is no standard
 * input. For what may not be an argument.
 */
export async function typedUnseen(context: CommandContext, prompt: string): Promise<string | null> {
  const input = context.world.stdin?.();
  if (input === undefined) return null;
  if (input.isTTY !== true) return wholeText(input);
  context.world.stderr.write(`${prompt} (it is not shown): `);
  return unseenLine(context, input);
}

function checked(text: string): string {
  const token = text.trim();
  if (token === '') throw noToken('found nothing');
  if (token.length > MAX_TOKEN_LENGTH)
    throw noToken(`found more than ${MAX_TOKEN_LENGTH} characters`);
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw noToken('found spaces, line breaks or other characters that no token has');
}

function noToken(found: string) {
  return usage(
    `The access token is expected on standard input, as one word; ${found}.`,
    'Type it when asked, or pipe it in, for example from a password manager: `… | adlake auth login`.',
  );
}

async function wholeText(input: Input): Promise<string> {
  let text = '';
  for await (const part of input) {
    text += part.toString();
    if (text.length > 2 * MAX_TOKEN_LENGTH) break;
  }
  return text;
}

const ENTER = new Set(['\r', '\n', '\u0004']);
const ERASE = new Set(['\u0008', '\u007f']);
const STOP = '\u0003';

/** One line from a terminal that shows nothing of it; Ctrl-C gives it up. */
async function unseenLine(context: CommandContext, input: Input): Promise<string> {
  const restore = () => {
    input.setRawMode?.(false);
  };
  const forget = context.world.onStop(restore);
  input.setRawMode?.(true);
  let line = '';
  try {
    for await (const part of input) {
      for (const key of part.toString()) {
        if (key === STOP)
          throw usage('Nothing was typed: it was given up.', 'Run the command again.');
        if (ENTER.has(key)) return line;
        line = ERASE.has(key) ? line.slice(0, -1) : line + key;
        if (line.length > 2 * MAX_TOKEN_LENGTH) return line;
      }
    }
    return line;
  } finally {
    restore();
    forget();
    context.world.stderr.write('\n');
  }
}
