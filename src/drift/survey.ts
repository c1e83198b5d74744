import { join } from 'node:path';
import { contractAt } from '../contract.ts';
import type { Dataset } from '../dataset.ts';
import { listFolders } from '../file.ts';
import { accountsLanded, type Batch, readBatchIn, readPage } from '../landing/batch.ts';
import { type Lake, landingDir } from '../zone.ts';
import { addPage, emptyShape, formsOf, type ShapeInput } from './shape.ts';
import { emptySurvey, readSurvey, type Survey, writeSurvey } from './survey-file.ts';

/**
 * What the records of a dataset have looked like, day by day, from all answers in landing. Only answers
 * that are new are read; what is known of the others is kept in `cache/drift`. Files that people
 * bring are left out: their headers are understood, or refused, when they are imported.
 */
export function surveyDataset(lake: Lake, dataset: Dataset): Survey {
  const contract = contractAt(`raw/${dataset.name}.schema.json`);
  const there = accountsLanded(lake, dataset).flatMap((account) =>
    foldersOf(lake, dataset, account),
  );
  const known = readSurvey(lake, dataset, contract.sha256);
  const names = new Set(there.map(({ name }) => name));
  const isWhole = [...known.batches].every((name) => names.has(name));
  const survey = isWhole ? known : emptySurvey(contract.sha256);
  const due = there.filter(({ name }) => !survey.batches.has(name));
  const by = { dataset, forms: formsOf(contract) };
  const read = due.filter((one) => addAnswer(lake, survey, { ...one, by }));
  if (read.length > 0 || !isWhole) writeSurvey(lake, dataset, survey);
  return survey;
}

interface AnswerFolder {
  readonly account: string;
  readonly name: string;
}

function foldersOf(lake: Lake, dataset: Dataset, account: string): readonly AnswerFolder[] {
  return listFolders(landingDir(lake, dataset, account))
    .filter((name) => !name.startsWith('.'))
    .map((name) => ({ account, name: `${account}/${name}` }));
}

/** False when it is not finished. */
function addAnswer(
  lake: Lake,
  survey: Survey,
  one: AnswerFolder & { readonly by: ShapeInput },
): boolean {
  const { account, by } = one;
  const folder = join(landingDir(lake, by.dataset, account), one.name.slice(account.length + 1));
  const batch = readable(folder);
  if (batch === null) return false;
  survey.batches.add(one.name);
  if (batch.reading !== undefined) return true;
  const days = survey.accounts.get(account) ?? new Map();
  survey.accounts.set(account, days);
  const shape = days.get(batch.today) ?? emptyShape();
  days.set(batch.today, shape);
  for (const page of batch.pages) {
    const bytes = readPage(lake, by.dataset, { batch, page });
    if (bytes !== null) addPage(shape, bytes, by);
  }
  return true;
}

/** An answer whose description is damaged is a matter for `adlake verify`, and no drift. */
function readable(folder: string): Batch | null {
  try {
    return readBatchIn(folder);
  } catch {
    return null;
  }
}
