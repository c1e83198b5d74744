import { type OptionalPackage, optional } from './package.ts';

/** What is read out of a picture. */
export interface ImageFeatures {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** width / height, four places. */
  readonly ratio: number;
  /** 0 (black) to 1 (white): the mean luma of its pixels (ITU-R BT.601), on black where it is transparent. */
  readonly brightness: number;
  /** The most frequent colours, the first being the most frequent, as #rrggbb; at most three. */
  readonly colours: readonly string[];
  /** Share of the first colour among all pixels, 0 to 1. */
  readonly colour_share: number;
}

/** What pictures are read with. */
export const IMAGE_READERS: readonly OptionalPackage[] = ['jpeg-js', 'pngjs'];

/** Reads the bytes of a JPEG or PNG; throws an Error when they are neither, are broken or too large. */
export type ImageReader = (bytes: Buffer) => ImageFeatures;

/** Loads the reader. Throws `CONFIG_INVALID` when a package is not installed. */
export async function openImageReader(): Promise<ImageReader> {
  const { default: jpeg } = await optional<{ readonly default: Jpeg }>('jpeg-js');
  const { default: png } = await optional<{ readonly default: Png }>('pngjs');
  return (bytes) => {
    if (bytes.subarray(0, 3).equals(JPEG_HEAD)) return featuresOf(jpeg.decode(bytes, JPEG_LIMITS));
    if (!bytes.subarray(0, 4).equals(PNG_HEAD)) throw new Error('it is neither a JPEG nor a PNG');
    checkSize(bytes.readUInt32BE(PNG_WIDTH_AT), bytes.readUInt32BE(PNG_WIDTH_AT + 4));
    return featuresOf(png.PNG.sync.read(bytes));
  };
}

interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Four bytes a pixel: red, green, blue, opacity. */
  readonly data: Uint8Array;
}

interface Jpeg {
  readonly decode: (bytes: Buffer, options: object) => Pixels;
}

interface Png {
  readonly PNG: { readonly sync: { readonly read: (bytes: Buffer) => Pixels } };
}

const JPEG_HEAD = Buffer.from([0xff, 0xd8, 0xff]);
const PNG_HEAD = Buffer.from([0x89, 0x50, 0x4e, 0x47]);
/** Where a PNG says its width, and its height behind it. */
const PNG_WIDTH_AT = 16;
const MOST_MEGAPIXELS = 50;
const JPEG_LIMITS = {
  useTArray: true,
  maxResolutionInMP: MOST_MEGAPIXELS,
  maxMemoryUsageInMB: 512,
};

/** A few bytes can claim to be a picture that no memory holds. */
function checkSize(width: number, height: number): void {
  if (width * height > MOST_MEGAPIXELS * 1_000_000) {
    throw new Error(`it has ${width} by ${height} pixels, more than ${MOST_MEGAPIXELS} million`);
  }
}

/** Colours are counted by their 4 highest bits of each part, and told as the mean of those counted. */
const BITS_LEFT_OUT = 4;
const MOST_COLOURS = 3;
const LUMA = [0.299, 0.587, 0.114] as const;

interface Bin {
  pixels: number;
  red: number;
  green: number;
  blue: number;
}

function featuresOf({ width, height, data }: Pixels): ImageFeatures {
  const bins = new Map<number, Bin>();
  const pixels = width * height;
  let luma = 0;
  for (let at = 0; at < pixels * 4; at += 4) {
    const opacity = (data[at + 3] ?? 255) / 255;
    const red = (data[at] ?? 0) * opacity;
    const green = (data[at + 1] ?? 0) * opacity;
    const blue = (data[at + 2] ?? 0) * opacity;
    luma += LUMA[0] * red + LUMA[1] * green + LUMA[2] * blue;
    count(bins, { red, green, blue });
  }
  const ranked = [...bins.values()].sort((a, b) => b.pixels - a.pixels).slice(0, MOST_COLOURS);
  return {
    width,
    height,
    ratio: rounded(width / height),
    brightness: rounded(luma / pixels / 255),
    colours: ranked.map(colourOf),
    colour_share: rounded((ranked[0]?.pixels ?? 0) / pixels),
  };
}

function count(bins: Map<number, Bin>, { red, green, blue }: Omit<Bin, 'pixels'>): void {
  const [r, g, b] = [red, green, blue].map((part) => Math.floor(part) >> BITS_LEFT_OUT);
  const key = ((r ?? 0) << 8) | ((g ?? 0) << 4) | (b ?? 0);
  const bin = bins.get(key) ?? { pixels: 0, red: 0, green: 0, blue: 0 };
  bin.pixels++;
  bin.red += red;
  bin.green += green;
  bin.blue += blue;
  bins.set(key, bin);
}

function colourOf({ pixels, red, green, blue }: Bin): string {
  const parts = [red, green, blue].map((sum) => Math.round(sum / pixels));
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
