import type { Progress, StageName } from './progress.ts';

/** What narration is written to. */
export interface TerminalOptions {
  readonly write: (text: string) => void;
  /** True: bars that are drawn over; false: plain lines. */
  readonly isTerminal: boolean;
  readonly hasColor: boolean;
  /** Characters in a line; 80 when absent. */
  readonly columns?: number;
  /** A clock in milliseconds, for how often to draw. */
  readonly clock?: () => number;
}

/** Bars need not be drawn more often than eyes can follow; lines in a log far less often. */
const REDRAW_MILLISECONDS = 80;
const LINE_MILLISECONDS = 5000;
const BAR_WIDTH = 24;

/** Progress for people: bars on a terminal, plain lines in a pipe or a log file. */
export function terminalProgress(options: TerminalOptions): Progress {
  return options.isTerminal ? bars(options) : lines(options);
}

function bars(options: TerminalOptions): Progress {
  const paint = painter(options.hasColor);
  const clock = options.clock ?? (() => performance.now());
  let drawnAt = Number.NEGATIVE_INFINITY;
  let current = '';
  const clear = () => options.write('\r\u001b[2K');
  const draw = (text: string) => {
    current = text;
    clear();
    options.write(text.slice(0, Math.max(20, (options.columns ?? 80) - 1)));
  };
  const line = (text: string) => {
    clear();
    options.write(`${text}\n`);
    if (current !== '') options.write(current.slice(0, (options.columns ?? 80) - 1));
  };
  return {
    start: (stage, total) => draw(barOf(stage, { done: 0, total, doing: '' })),
    step: (stage, at) => {
      const now = clock();
      if (now - drawnAt < REDRAW_MILLISECONDS && at.done !== at.total) return;
      drawnAt = now;
      draw(barOf(stage, at));
    },
    finish: (stage, summary) => {
      current = '';
      line(`${paint('green', '✓')} ${stage}: ${summary}`);
    },
    note: (text) => line(paint('dim', text)),
    warn: (text) => line(`${paint('yellow', 'Warning:')} ${text}`),
  };
}

function lines(options: TerminalOptions): Progress {
  const paint = painter(options.hasColor);
  const clock = options.clock ?? (() => performance.now());
  let toldAt = clock();
  const line = (text: string) => {
    toldAt = clock();
    options.write(`${text}\n`);
  };
  return {
    start: (stage, total) => line(`${stage}: ${total === null ? 'begins' : `${total} to do`}`),
    step: (stage, at) => {
      if (clock() - toldAt < LINE_MILLISECONDS) return;
      line(`${stage}: ${countOf(at)}, ${at.doing}`);
    },
    finish: (stage, summary) => line(`${stage}: ${summary}`),
    note: line,
    warn: (text) => line(`${paint('yellow', 'Warning:')} ${text}`),
  };
}

interface Step {
  readonly done: number;
  readonly total: number | null;
  readonly doing: string;
}

function barOf(stage: StageName, at: Step): string {
  const share = at.total === null || at.total === 0 ? 0 : Math.min(1, at.done / at.total);
  const filled = Math.round(share * BAR_WIDTH);
  const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
  return `  ${stage} ${bar} ${countOf(at)} ${at.doing}`.trimEnd();
}

function countOf(at: Step): string {
  return at.total === null ? `${at.done} done` : `${at.done} of ${at.total}`;
}

const COLORS = { green: 32, yellow: 33, red: 31, dim: 2, bold: 1 } as const;

/** Gives a function that puts ANSI colors around text, or leaves it alone. */
export function painter(hasColor: boolean): (color: keyof typeof COLORS, text: string) => string {
  return (color, text) => (hasColor ? `\u001b[${COLORS[color]}m${text}\u001b[0m` : text);
}
