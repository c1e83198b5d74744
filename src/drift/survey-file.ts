import { openCache, sealCache } from '../cache-body.ts';
import type { Dataset } from '../dataset.ts';
import { readIfThere, writeAtomically } from '../file.ts';
import { cacheFile, type Lake } from '../zone.ts';
import type { DayShape, Kind } from './shape.ts';

/** What the records of a dataset have looked like. */
export interface Survey {
  /** SHA-256 of the contract whose forms text was held against. */
  readonly contract: string;
  /** `<account>/<batch id>` of every answer that is in it. */
  readonly batches: Set<string>;
  /** Account, then the account's own day on which was asked. */
  readonly accounts: Map<string, Map<string, DayShape>>;
}

/** A survey of nothing. */
export function emptySurvey(contract: string): Survey {
  return { contract, batches: new Set(), accounts: new Map() };
}

/** What was kept of a dataset; of another contract or format, or not readable, it is as good as none. */
export function readSurvey(lake: Lake, dataset: Dataset, contract: string): Survey {
  const kept = openCache(readIfThere(fileOf(lake, dataset)), FORMAT) as Kept | null;
  return kept?.contract === contract ? unpacked(kept) : emptySurvey(contract);
}

/** Keeps a survey in `cache/drift/<dataset>.json`. */
export function writeSurvey(lake: Lake, dataset: Dataset, survey: Survey): void {
  const kept: Kept = {
    contract: survey.contract,
    batches: [...survey.batches],
    accounts: [...survey.accounts].map(([account, days]) => [
      account,
      [...days].map(([day, shape]) => [day, packed(shape)]),
    ]),
  };
  writeAtomically(fileOf(lake, dataset), sealCache(FORMAT, kept));
}

const FORMAT = 1;

/** Lists of pairs: a field may have any name, `__proto__` too. */
interface Kept {
  readonly contract: string;
  readonly batches: readonly string[];
  readonly accounts: ReadonlyArray<
    readonly [account: string, days: ReadonlyArray<readonly [day: string, shape: KeptShape]>]
  >;
}

interface KeptShape {
  readonly records: number;
  readonly fields: ReadonlyArray<
    readonly [field: string, kinds: ReadonlyArray<readonly [Kind, number]>]
  >;
  readonly actions: ReadonlyArray<readonly [type: string, records: number]>;
}

function packed({ records, fields, actions }: DayShape): KeptShape {
  return {
    records,
    fields: [...fields].map(([field, kinds]) => [field, [...kinds]]),
    actions: [...actions],
  };
}

function unpacked(kept: Kept): Survey {
  const accounts = kept.accounts.map(([account, days]) => {
    const shapes = days.map(([day, { records, fields, actions }]) => {
      const kinds = fields.map(([field, list]) => [field, new Map(list)] as const);
      return [day, { records, fields: new Map(kinds), actions: new Map(actions) }] as const;
    });
    return [account, new Map(shapes)] as const;
  });
  return {
    contract: kept.contract,
    batches: new Set(kept.batches),
    accounts: new Map(accounts),
  };
}

function fileOf(lake: Lake, dataset: Dataset): string {
  return cacheFile(lake, 'drift', `${dataset.name}.json`);
}
