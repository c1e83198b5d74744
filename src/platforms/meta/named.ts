import { META_DATASETS, type MetaDataset } from './datasets.ts';

/** A dataset of Meta by its name. Throws a `RangeError` for a name that is none: a fault of the code. */
export function datasetNamed(name: string): MetaDataset {
  const found = META_DATASETS.find((dataset) => dataset.name === name);
  if (found === undefined) throw new RangeError(`There is no dataset ${name}.`);
  return found;
}
