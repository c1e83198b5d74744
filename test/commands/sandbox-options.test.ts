import { describe, expect, it } from 'vitest';
import type { Typed } from '../../src/commands/context.ts';
import { sandboxOptions } from '../../src/commands/sandbox-options.ts';

const optionsOf = (options: Readonly<Record<string, unknown>>) =>
  sandboxOptions({ options } as unknown as Typed);

describe('what a person types for a sandbox', () => {
  it('is a fault with the common rate, or with one of its own', () => {
    const typed = optionsOf({ fault: ['slow', 'transient=0.3'], faultRate: '.1', seed: '7' });
    expect(typed).toMatchObject({
      seed: 7,
      faultRate: 0.1,
      faults: ['slow'],
      faultRates: { transient: 0.3 },
    });
  });

  it('is every switch of the sandbox', () => {
    const typed = optionsOf({
      limits: 'development',
      dataLimit: '500',
      reportPolls: '2',
      mixedValues: 'hidden',
      expiredVersions: 'refused',
    });
    expect(typed).toEqual({
      port: 0,
      faults: [],
      faultRates: {},
      limits: 'development',
      dataLimit: 500,
      reportPolls: 2,
      mixedValues: 'hidden',
      expiredVersions: 'refused',
    });
  });

  it.each([
    [{ fault: ['lightning'] }],
    [{ fault: ['slow=much'] }],
    [{ fault: ['slow=2'] }],
    [{ faultRate: '1.5' }],
    [{ limits: 'none' }],
    [{ mixedValues: 'maybe' }],
    [{ expiredVersions: 'x' }],
    [{ dataLimit: '-1' }],
    [{ port: '70000' }],
  ])('is refused with the right way to say it: %j', (options) => {
    expect(() => optionsOf(options)).toThrow(
      expect.objectContaining({ code: 'USAGE', remedy: expect.stringMatching(/Give|Use/) }),
    );
  });
});
