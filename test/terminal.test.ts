import { describe, expect, it } from 'vitest';
import { terminalProgress } from '../src/terminal.ts';

function collect(options: { readonly isTerminal: boolean; readonly hasColor?: boolean }) {
  const written: string[] = [];
  let time = 0;
  const progress = terminalProgress({
    write: (text) => written.push(text),
    isTerminal: options.isTerminal,
    hasColor: options.hasColor ?? false,
    columns: 60,
    clock: () => time,
  });
  return {
    progress,
    pass: (milliseconds: number) => {
      time += milliseconds;
    },
    text: () => written.join(''),
  };
}

describe('progress in a pipe', () => {
  it('is plain lines without a control character', () => {
    const { progress, text } = collect({ isTerminal: false });
    progress.start('landing-to-raw', 2);
    progress.step('landing-to-raw', { done: 1, total: 2, doing: 'campaigns' });
    progress.finish('landing-to-raw', '2 done');
    progress.warn('look');
    expect(text()).toBe('landing-to-raw: 2 to do\nlanding-to-raw: 2 done\nWarning: look\n');
  });

  it('tells of a step only when nothing was told for five seconds', () => {
    const { progress, pass, text } = collect({ isTerminal: false });
    progress.start('landing-to-raw', 9);
    pass(4000);
    progress.step('landing-to-raw', { done: 3, total: 9, doing: 'ads' });
    pass(2000);
    progress.step('landing-to-raw', { done: 4, total: 9, doing: 'campaigns' });
    expect(text()).toBe('landing-to-raw: 9 to do\nlanding-to-raw: 4 of 9, campaigns\n');
  });
});

describe('progress on a terminal', () => {
  it('draws a bar over itself and leaves one line a stage', () => {
    const { progress, pass, text } = collect({ isTerminal: true });
    progress.start('raw-to-staging', 2);
    pass(100);
    progress.step('raw-to-staging', { done: 1, total: 2, doing: 'ads' });
    expect(text()).toContain('████████████░░░░░░░░░░░░ 1 of 2 ads');
    progress.finish('raw-to-staging', '2 done');
    const lines = text().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]?.split('\u001b[2K').at(-1)).toBe('✓ raw-to-staging: 2 done');
  });

  it('never draws wider than the terminal', () => {
    const { progress, text } = collect({ isTerminal: true });
    progress.step('raw-to-staging', { done: 1, total: 1, doing: 'x'.repeat(200) });
    expect(
      Math.max(
        ...text()
          .split('\r')
          .map((line) => line.length),
      ),
    ).toBeLessThan(65);
  });

  it('has colors only when they are wanted', () => {
    const plain = collect({ isTerminal: true });
    plain.progress.finish('raw-to-staging', 'done');
    const colored = collect({ isTerminal: true, hasColor: true });
    colored.progress.finish('raw-to-staging', 'done');
    expect(plain.text()).not.toContain('\u001b[32m');
    expect(colored.text()).toContain('\u001b[32m✓\u001b[0m');
  });
});
