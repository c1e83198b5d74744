import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashOf } from '../../src/file.ts';
import type { RawFiles, RecordedFile } from '../../src/fold/memory.ts';
import { rawFrom, rawFromFiles, rawOf } from '../helpers/engines.ts';
import { type HostilePage, hostilePage } from '../helpers/hostile-page.ts';

const seeds = fc.integer({ min: 0, max: 2 ** 31 - 1 });

/** Pages of one dataset, whatever is in them. */
function pagesOf(list: readonly number[]): readonly HostilePage[] {
  const all = list.map((seed) => hostilePage(seed));
  return all.map((page) => ({ ...page, dataset: all[0]?.dataset ?? page.dataset }));
}

describe('going on from the files that a fold left', () => {
  it('gives what folding all answers gives, and what going on from their rows gives', () => {
    let compared = 0;
    fc.assert(
      fc.property(fc.array(seeds, { minLength: 2, maxLength: 4 }), (list) => {
        const pages = pagesOf(list);
        const filed = rawFromFiles(pages, list.length - 1);
        expect(filed).toEqual(rawFrom(pages, list.length - 1));
        if (filed === null) return;
        expect(filed).toEqual(rawOf(pages, 'plain'));
        compared++;
      }),
      { numRuns: 150, seed: 11 },
    );
    expect(compared).toBeGreaterThan(50);
  });

  it.each<[string, (files: RawFiles) => RawFiles]>([
    ['a line was changed', ({ lines, ...files }) => ({ ...files, lines: flipped(lines) })],
    ['an origin was changed', ({ lineage, ...files }) => ({ ...files, lineage: flipped(lineage) })],
    ['a line came behind it', ({ lines, ...files }) => ({ ...files, lines: longer(lines) })],
    ['lines are gone', ({ lines, ...files }) => ({ ...files, lines: gone(lines) })],
    ['origins are gone', ({ lineage, ...files }) => ({ ...files, lineage: gone(lineage) })],
    [
      'origins are fewer than lines, though they are those that were recorded',
      ({ lineage, ...files }) => ({ ...files, lineage: shorter(lineage) }),
    ],
    [
      'lines are fewer than origins, though they are those that were recorded',
      ({ lines, ...files }) => ({ ...files, lines: shorter(lines) }),
    ],
    [
      'an origin is not as it would be written, though it was recorded',
      ({ lineage, ...files }) => ({ ...files, lineage: odd(lineage) }),
    ],
  ])('is left to the plain way when %s', (_, spoil) => {
    const pages = pagesOf(SEEDS);
    expect(rawFromFiles(pages, 2)).not.toBeNull();
    expect(rawFromFiles(pages, 2, spoil)).toBeNull();
  });
});

/** Pages that can be folded by bytes, and leave more than one row. */
const SEEDS = [3, 5, 8];

function flipped(file: RecordedFile): RecordedFile {
  const bytes = readFileSync(file.path);
  const at = bytes.length - 3;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(file.path, bytes);
  return file;
}

function longer(file: RecordedFile): RecordedFile {
  appendFileSync(file.path, readFileSync(file.path));
  return file;
}

function gone(file: RecordedFile): RecordedFile {
  rmSync(file.path);
  return file;
}

function shorter(file: RecordedFile): RecordedFile {
  const text = readFileSync(file.path, 'latin1');
  return recordedAs(file, text.slice(0, text.lastIndexOf('\n', text.length - 2) + 1));
}

/** With a cell more in its last line. */
function odd(file: RecordedFile): RecordedFile {
  return recordedAs(file, readFileSync(file.path, 'latin1').replace(/\n$/, ',more\n'));
}

function recordedAs(file: RecordedFile, text: string): RecordedFile {
  const bytes = Buffer.from(text, 'latin1');
  writeFileSync(file.path, bytes);
  return { ...file, sha256: hashOf(bytes), bytes: bytes.length };
}
