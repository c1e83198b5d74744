import type { Dataset } from '../dataset.ts';
import { elementsOf, memberOf, minify } from '../json.ts';

/** What a page of a batch holds: the texts of its records as sent, or why it cannot be read. */
export type PageContent =
  | { readonly ok: true; readonly records: readonly string[] }
  | { readonly ok: false; readonly reason: string };

const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * The records of a page, each as its own minified JSON text. A page is an answer of the API
 * (`{"data":[…],"paging":…}`), one object, answers by id, a list of answers, a list of records, or one of these per
 * line. For facts, entities with nested `insights{data}` are opened and their insights are the
 * records. A page that cannot be read whole gives no records at all.
 */
export function readRecords(dataset: Dataset, bytes: Uint8Array): PageContent {
  if (bytes.length === 0) return { ok: false, reason: 'the page is empty' };
  try {
    const texts = documentsOf(decoder.decode(bytes)).flatMap((text) => recordsOf(text));
    return { ok: true, records: texts.flatMap((text) => factsOf(dataset, text)) };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
}

function documentsOf(text: string): readonly string[] {
  try {
    JSON.parse(text);
    return [minify(text)];
  } catch (error) {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    if (lines.length < 2 || !lines.every(isJson)) {
      throw new Error(`the page is not JSON: ${error instanceof Error ? error.message : error}`);
    }
    return lines.map(minify);
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function recordsOf(text: string): readonly string[] {
  if (text.startsWith('[')) return elementsOf(text).flatMap(recordsOf);
  if (!text.startsWith('{')) throw new Error('the page holds something that is no JSON object');
  const data = memberOf(text, 'data');
  const isAnswer = data !== undefined && !isBucket(text);
  if (isAnswer) return dataOf(data);
  if (memberOf(text, 'error') !== undefined) {
    throw new Error('the page is an error answer, not data');
  }
  return answersById(text) ?? [text];
}

/**
 * Answers to requests for several ids at once (`?ids=1,2`, gone since v26.0 but in older captures) are
 * objects whose members are named by id: each is an answer, or an object, of its own.
 */
function answersById(text: string): readonly string[] | null {
  if (!/^\{"(act_)?\d+":\{/.test(text)) return null;
  return elementsOf(text).flatMap((member) => recordsOf(member.slice(member.indexOf(':') + 1)));
}

/** A bucket of pixel statistics has `data` of its own, beside the hour it is of. */
function isBucket(text: string): boolean {
  return text.includes('"start_time"') && memberOf(text, 'start_time') !== undefined;
}

function dataOf(data: string): readonly string[] {
  if (!data.startsWith('[')) throw new Error('"data" of the page is not a list');
  return elementsOf(data);
}

/** What of a page's data is a record of the dataset: the text itself, or the insights nested in it. */
export function factsOf(dataset: Dataset, text: string): readonly string[] {
  const mayBeEntity = text.includes('"id"');
  const isEntity =
    mayBeEntity &&
    dataset.fold === 'fact' &&
    dataset.dayField === 'date_start' &&
    text.startsWith('{') &&
    memberOf(text, 'date_start') === undefined &&
    memberOf(text, 'id') !== undefined;
  if (!isEntity) return [text];
  const nested = memberOf(text, 'insights');
  const data = nested?.startsWith('{') ? memberOf(nested, 'data') : undefined;
  return data === undefined ? [] : dataOf(data);
}
