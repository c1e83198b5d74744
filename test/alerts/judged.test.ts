import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { forgetJudged, judgedSince, keepJudged } from '../../src/alerts/judged.ts';
import { temporaryLake } from '../helpers/lake.ts';

it('what was judged is kept until somebody has looked, the newest of each dataset', () => {
  const lake = temporaryLake();
  expect(judgedSince(lake)).toEqual([]);
  keepJudged(lake, [{ dataset: 'ads', fields: ['x'] }]);
  keepJudged(lake, []);
  keepJudged(lake, [
    { dataset: 'ads', fields: [] },
    { dataset: 'campaigns', fields: ['y'] },
  ]);
  expect(judgedSince(lake)).toEqual([
    { dataset: 'ads', fields: [] },
    { dataset: 'campaigns', fields: ['y'] },
  ]);
  writeFileSync(join(lake.home, 'cache', 'judged.json'), '[{"dataset":7},{"dataset":"ads"}]');
  expect(judgedSince(lake)).toEqual([]);
  forgetJudged(lake);
  expect(judgedSince(lake)).toEqual([]);
});
