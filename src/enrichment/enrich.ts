import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dataset } from '../dataset.ts';
import { openEngine, rowsOf } from '../duckdb/duckdb.ts';
import { AdlakeError } from '../errors.ts';
import { hashOf } from '../file.ts';
import { type Batch, landBatch } from '../landing/batch.ts';
import { modelNamed } from '../model.ts';
import { CREATIVE_IMAGES, CREATIVE_TEXTS } from '../platforms/internal/datasets.ts';
import { parquetTable } from '../query/views.ts';
import type { Lake } from '../zone.ts';
import { IMAGE_READERS, openImageReader } from './image.ts';
import { readers } from './package.ts';
import { openTextReader, TEXT_READERS } from './text.ts';

/** What an enrichment needs. */
export interface Enrichment {
  readonly lake: Lake;
  /** Folder with pictures named by the id of their creative; null: none. */
  readonly images: string | null;
  /** Instant in UTC with milliseconds. */
  readonly now: string;
  readonly isDryRun: boolean;
}

/** What was read. */
export interface Enriched {
  /** Creatives with a text that was not read before, in this form. */
  readonly texts: number;
  readonly images: number;
  /** Files that are no picture, or of no creative of the lake, and why. */
  readonly leftOut: readonly { readonly file: string; readonly why: string }[];
  readonly batches: readonly Batch[];
}

/**
 * Reads the texts of all creatives that were not read yet, and the pictures of a folder, and lands what
 * was found: from there it goes through the zones like everything else, so that tables can be made
 * again without reading anew. Throws `USAGE` when the creatives are not in the tables yet, and
 * `CONFIG_INVALID` when a package is missing.
 */
export async function enrich(enrichment: Enrichment): Promise<Enriched> {
  const creatives = await creativesIn(enrichment.lake);
  const texts = await readTexts(creatives);
  const { rows: images, leftOut } =
    enrichment.images === null
      ? { rows: [], leftOut: [] }
      : await readImages(creatives, enrichment.images);
  const batches = enrichment.isDryRun
    ? []
    : [...land(enrichment, CREATIVE_TEXTS, texts), ...land(enrichment, CREATIVE_IMAGES, images)];
  return { texts: texts.length, images: images.length, leftOut, batches };
}

interface Creative {
  readonly accountId: string;
  readonly id: string;
  readonly text: string;
  /** Who read the text that it has now; null: nobody. */
  readonly readBy: string | null;
  /** Content hash of the picture that was read, and who read it. */
  readonly imageHash: string | null;
  readonly imageReadBy: string | null;
}

async function creativesIn(lake: Lake): Promise<readonly Creative[]> {
  const source = parquetTable(lake, modelNamed('creative_content'));
  if (source === null) throw notMade();
  const engine = await openEngine({ threads: 1, memory: '512MB', spillInto: null });
  try {
    const rows = await rowsOf(
      engine.connection,
      `select account_id, creative_id, text, read_by, image_sha256, image_read_by
        from ${source} order by account_id, creative_id`,
    );
    return rows.map((row) => ({
      accountId: String(row.account_id),
      id: String(row.creative_id),
      text: String(row.text ?? ''),
      readBy: textOrNull(row.read_by),
      imageHash: textOrNull(row.image_sha256),
      imageReadBy: textOrNull(row.image_read_by),
    }));
  } finally {
    engine.close();
  }
}

function textOrNull(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}

type Row = Readonly<Record<string, unknown>>;

async function readTexts(creatives: readonly Creative[]): Promise<readonly Row[]> {
  const readBy = readers(TEXT_READERS);
  const due = creatives.filter((creative) => creative.text !== '' && creative.readBy !== readBy);
  if (due.length === 0) return [];
  const read = await openTextReader();
  return due.map(({ accountId, id, text }) => {
    const features = read(text);
    return { account_id: accountId, creative_id: id, text, ...features, read_by: readBy };
  });
}

async function readImages(
  creatives: readonly Creative[],
  folder: string,
): Promise<{ readonly rows: readonly Row[]; readonly leftOut: Enriched['leftOut'] }> {
  const read = await openImageReader();
  const readBy = readers(IMAGE_READERS);
  const leftOut: { readonly file: string; readonly why: string }[] = [];
  const rows: Row[] = [];
  for (const file of readdirSync(folder).sort()) {
    const id = /^(\d{1,32})\.(?:jpe?g|png)$/i.exec(file)?.[1];
    const owners = creatives.filter((creative) => creative.id === id);
    if (id === undefined)
      leftOut.push({ file, why: 'its name is no id with .jpg or .png behind it' });
    else if (owners.length === 0) leftOut.push({ file, why: `there is no creative ${id}` });
    else {
      try {
        const bytes = readFileSync(join(folder, file));
        const image_sha256 = hashOf(bytes);
        const due = owners.filter(
          ({ imageHash, imageReadBy }) => imageHash !== image_sha256 || imageReadBy !== readBy,
        );
        const features = due.length === 0 ? null : read(bytes);
        for (const { accountId } of due) {
          rows.push({
            account_id: accountId,
            creative_id: id,
            image_sha256,
            ...features,
            read_by: readBy,
          });
        }
      } catch (error) {
        leftOut.push({ file, why: error instanceof Error ? error.message : String(error) });
      }
    }
  }
  return { rows, leftOut };
}

/** One answer for each account, as for what a platform sends. */
function land({ lake, now }: Enrichment, dataset: Dataset, rows: readonly Row[]): readonly Batch[] {
  const accounts = [...new Set(rows.map(({ account_id }) => String(account_id)))].sort();
  return accounts.map((account) => {
    const own = rows.filter(({ account_id }) => account_id === account);
    return landBatch(lake, dataset, {
      head: {
        dataset: dataset.name,
        account_id: account,
        object_id: null,
        source: 'import',
        scope: { since: null, until: null, campaigns: { kind: 'all' }, complete: false },
        today: now.slice(0, 'YYYY-MM-DD'.length),
        api_version: null,
        request: { reading: 'enrichment' },
        timezone: null,
        currency: null,
      },
      pages: [{ bytes: Buffer.from(`${JSON.stringify({ data: own })}\n`), rows: own.length }],
      now,
    });
  });
}

function notMade(): AdlakeError {
  return new AdlakeError({
    code: 'USAGE',
    message: 'There are no creatives in the tables of this lake yet.',
    remedy: 'Make the tables with `adlake run` first.',
  });
}
