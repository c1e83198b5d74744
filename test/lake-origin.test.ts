import { describe, expect, it } from 'vitest';
import { checkOrigin, markSandbox } from '../src/lake-origin.ts';
import { landGoldenWorld } from './helpers/golden.ts';
import { temporaryLake } from './helpers/lake.ts';

describe('a lake holds synthetic or real data, never both', () => {
  it('so a token for real accounts is refused where the sandbox was', () => {
    const lake = temporaryLake();
    markSandbox(lake);
    expect(() => checkOrigin(lake, 'real')).toThrow('holds synthetic data');
    checkOrigin(lake, 'sandbox');
  });

  it('so the sandbox is refused where answers of real accounts are', () => {
    const lake = temporaryLake();
    landGoldenWorld(lake, ({ head }) => head.dataset === 'campaigns');
    expect(() => checkOrigin(lake, 'sandbox')).toThrow('holds data of real accounts');
    checkOrigin(lake, 'real');
  });
});
