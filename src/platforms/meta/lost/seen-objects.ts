import { asObject } from '../../../pull/loose-json.ts';

/** Datasets whose objects insights refer to by id. */
export type ObjectDataset = (typeof OBJECT_DATASETS)[number];

/** Names of these datasets. */
export const OBJECT_DATASETS = ['campaigns', 'ad_sets', 'ads'] as const;

/** Where a row of insights names its objects. */
const FIELDS: readonly (readonly [ObjectDataset, string])[] = [
  ['campaigns', 'campaign_id'],
  ['ad_sets', 'adset_id'],
  ['ads', 'ad_id'],
];

/** What says in a row of insights which objects it is about. */
export const ID_FIELDS: readonly string[] = FIELDS.map(([, field]) => field);

/** What of a row of insights says which objects it is about; an id that it does not have is not there. */
export function idsIn(row: unknown): Readonly<Record<string, unknown>> {
  const known = asObject(row);
  return Object.fromEntries(
    ID_FIELDS.flatMap((field) => (Object.hasOwn(known, field) ? [[field, known[field]]] : [])),
  );
}

/** Which campaigns, ad sets and ads the insights of a pull were about. */
export class SeenObjects {
  private readonly ids: Readonly<Record<ObjectDataset, Set<string>>> = {
    campaigns: new Set(),
    ad_sets: new Set(),
    ads: new Set(),
  };

  private readonly onFirst: () => void;
  private isEmpty = true;

  /** `onFirst` is called once, before the first answer is taken in. */
  constructor(onFirst: () => void = () => {}) {
    this.onFirst = onFirst;
  }

  /** Takes in an answer of insights as it was parsed, or of its rows their ids. Ids that are no text have lost digits. */
  take(answer: unknown): void {
    if (this.isEmpty) this.onFirst();
    this.isEmpty = false;
    const { data } = (answer ?? {}) as { readonly data?: unknown };
    for (const row of Array.isArray(data) ? (data as readonly unknown[]) : []) {
      for (const [name, field] of FIELDS) {
        const id = (row as Readonly<Record<string, unknown>> | null)?.[field];
        if (typeof id === 'string' && /^\d+$/.test(id)) this.ids[name].add(id);
      }
    }
  }

  /** Ids that were seen, sorted. */
  of(name: ObjectDataset): readonly string[] {
    return [...this.ids[name]].sort();
  }
}
