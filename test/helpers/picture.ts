import { PNG } from 'pngjs';

/** Red, green, blue and opacity, 0 to 255 each. */
export type Colour = readonly [number, number, number, number];

/** Bytes of a PNG whose pixels have these colours, from the left and from the top. */
export function picture(
  width: number,
  height: number,
  colourAt: (x: number, y: number) => Colour,
): Buffer {
  const png = new PNG({ width, height });
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) png.data.set(colourAt(x, y), (y * width + x) * 4);
  }
  return PNG.sync.write(png);
}
