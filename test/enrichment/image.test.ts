import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { type ImageReader, openImageReader } from '../../src/enrichment/image.ts';
import { picture } from '../helpers/picture.ts';

describe('a picture', () => {
  let read: ImageReader = () => {
    throw new Error('not open');
  };
  beforeAll(async () => {
    read = await openImageReader();
  });

  it('has its size, ratio, brightness and most frequent colours', () => {
    const found = read(picture(40, 20, (x) => (x < 30 ? [255, 255, 255, 255] : [255, 0, 0, 255])));
    expect(found).toEqual({
      width: 40,
      height: 20,
      ratio: 2,
      // Three quarters white, a quarter red: 0.75 + 0.25 * 0.299 = 0.82475.
      brightness: 0.8247,
      colours: ['#ffffff', '#ff0000'],
      colour_share: 0.75,
    });
  });

  it('is black where it is transparent', () => {
    expect(read(picture(2, 2, () => [255, 255, 255, 0]))).toMatchObject({
      brightness: 0,
      colours: ['#000000'],
    });
  });

  it('may be a JPEG', () => {
    const data = Buffer.alloc(16 * 8 * 4, 128);
    const { data: bytes } = jpeg.encode({ width: 16, height: 8, data }, 90);
    expect(read(Buffer.from(bytes))).toMatchObject({ width: 16, height: 8, ratio: 2 });
    expect(read(Buffer.from(bytes)).brightness).toBeCloseTo(128 / 255, 1);
  });

  it('is refused when it is none, is cut short, or claims to be larger than memory', () => {
    expect(() => read(Buffer.from('GIF89a'))).toThrow('neither a JPEG nor a PNG');
    expect(() => read(Buffer.alloc(0))).toThrow();
    const whole = picture(8, 8, () => [1, 2, 3, 255]);
    expect(() => read(whole.subarray(0, whole.length / 2))).toThrow();
    const huge = Buffer.from(PNG.sync.write(new PNG({ width: 1, height: 1 })));
    huge.writeUInt32BE(100_000, 16);
    huge.writeUInt32BE(100_000, 20);
    expect(() => read(huge)).toThrow('more than 50 million');
  });
});
