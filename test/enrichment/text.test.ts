import { beforeAll, describe, expect, it } from 'vitest';
import { openTextReader, type TextReader } from '../../src/enrichment/text.ts';

describe('the text of an ad, read as English', () => {
  let read: TextReader = () => {
    throw new Error('not open');
  };
  beforeAll(async () => {
    read = await openTextReader();
  });

  it('is good or bad by the mean rating of its rated words', () => {
    // great 3, bad -3: (3 - 3) / 2 / 5 and 3 / 5.
    expect(read('A great song on a bad night')).toMatchObject({
      words: 7,
      rated_words: 2,
      sentiment: 0,
    });
    expect(read('Great!')).toMatchObject({ words: 1, rated_words: 1, sentiment: 0.6 });
  });

  it('is rated the other way around behind a negation', () => {
    expect(read('not bad').sentiment).toBe(0.6);
    expect(read("isn't great").sentiment).toBe(-0.6);
    expect(read('No.')).toMatchObject({ rated_words: 0, sentiment: null });
  });

  it('is about its nouns, the most frequent first, and names are no topics', () => {
    const found = read(
      'New songs. Hear the songs live in Paris with Maria Garcia. The album is out.',
    );
    expect(found.topics).toEqual(['song', 'album']);
    expect(found.places).toEqual(['Paris']);
    expect(found.people).toEqual(['Maria Garcia']);
  });

  it('can be anything', () => {
    for (const text of [
      '',
      '   ',
      '🎸🎸🎸',
      '新しいアルバム',
      '<script>',
      'a'.repeat(20_000),
      '\u0000',
    ]) {
      const found = read(text);
      expect(found.sentiment === null || Math.abs(found.sentiment) <= 1).toBe(true);
      expect(found.topics.length).toBeLessThanOrEqual(5);
    }
    expect(read('constructor toString __proto__').rated_words).toBe(0);
  });
});
