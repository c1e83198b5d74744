import { readIfThere, writeAtomically } from '../../../file.ts';
import { listBatches, readPage } from '../../../landing/batch.ts';
import { cacheFile, type Lake } from '../../../zone.ts';
import { META_DATASETS } from '../datasets.ts';
import { OBJECT_DATASETS, type ObjectDataset, SeenObjects } from './seen-objects.ts';

const FILE = 'lost_objects.json';

type Instants = Readonly<Partial<Record<ObjectDataset, string>>>;

/**
 * Since when insights have landed of which it was not yet looked up whether their objects are in a list,
 * in `cache/lost_objects.json`, by account and dataset of objects. A pull that ends before it came to
 * that leaves it here, and the next one looks through what had landed meanwhile.
 */
export class UnsearchedInsights {
  private readonly lake: Lake;
  private readonly accountId: string;
  private readonly before: Instants;

  constructor(lake: Lake, accountId: string) {
    this.lake = lake;
    this.accountId = accountId;
    this.before = readAll(lake)[accountId] ?? {};
  }

  /**
   * Ids of the dataset's objects in insights that earlier pulls landed and did not look up, sorted.
   * Reads these answers.
   */
  ids(dataset: ObjectDataset): readonly string[] {
    const since = this.before[dataset];
    if (since === undefined) return [];
    const seen = new SeenObjects();
    for (const insights of META_DATASETS.filter(({ request }) => request.kind === 'insights')) {
      for (const batch of listBatches(this.lake, insights, this.accountId)) {
        if (batch.landed_at < since || batch.source !== 'api') continue;
        for (const page of batch.pages) {
          const bytes = readPage(this.lake, insights, { batch, page });
          if (bytes !== null) seen.take(parsed(bytes));
        }
      }
    }
    return seen.of(dataset);
  }

  /** Notes that insights are about to land; durable when it returns. An older note stays. */
  note(now: string): void {
    const known = readAll(this.lake)[this.accountId] ?? {};
    const noted = Object.fromEntries(OBJECT_DATASETS.map((name) => [name, known[name] ?? now]));
    this.write(noted);
  }

  /** Forgets it: the objects of this dataset were looked up. */
  forget(dataset: ObjectDataset): void {
    const known = readAll(this.lake)[this.accountId] ?? {};
    if (known[dataset] === undefined) return;
    const { [dataset]: _done, ...rest } = known;
    this.write(rest);
  }

  private write(instants: Instants): void {
    const { [this.accountId]: _before, ...others } = readAll(this.lake);
    const own = Object.keys(instants).length === 0 ? {} : { [this.accountId]: instants };
    const text = `${JSON.stringify({ ...others, ...own }, null, 2)}\n`;
    writeAtomically(cacheFile(this.lake, FILE), Buffer.from(text));
  }
}

/** A cache that cannot be read is as good as none. */
function readAll(lake: Lake): Readonly<Record<string, Instants>> {
  try {
    const value: unknown = JSON.parse(readIfThere(cacheFile(lake, FILE))?.toString('utf8') ?? '{}');
    const isObject = typeof value === 'object' && value !== null;
    const entries = isObject ? Object.entries(value as Readonly<Record<string, unknown>>) : [];
    return Object.fromEntries(
      entries.map(([account, instants]) => [account, instantsOf(instants)]),
    );
  } catch {
    return {};
  }
}

function instantsOf(value: unknown): Instants {
  const found = (value ?? {}) as Readonly<Record<string, unknown>>;
  const kept = OBJECT_DATASETS.flatMap((name) => {
    const instant = found[name];
    const isInstant = typeof instant === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(instant);
    return isInstant ? [[name, instant] as const] : [];
  });
  return Object.fromEntries(kept);
}

/** What is no JSON holds no ids; it is told of where raw is made. */
function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return null;
  }
}
