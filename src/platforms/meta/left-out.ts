import type { CampaignScope, MissingPart } from '../../landing/batch.ts';
import { addDays, type Window } from '../../window.ts';
import type { Gap } from './answer.ts';
import { wanted } from './chosen.ts';
import { idleOf, type Standing } from './idle.ts';
import {
  activityQuestions,
  arePixelsDue,
  entityQuestions,
  insightPlan,
  objectPlan,
  type PullScope,
  pixelQuestions,
} from './pull-plan.ts';
import type { Question } from './requests.ts';

/** Days of a dataset that an account's pull did not come to. */
export interface NotAsked {
  readonly dataset: string;
  /** Account days, both inclusive; null for datasets without days. */
  readonly window: Window | null;
}

/** What of an account is still due, from landing alone: what a pull that failed has left out. */
export function notAsked(scope: PullScope, standing: Standing): readonly NotAsked[] {
  const idle = idleOf(standing);
  const lists = [...entityQuestions(scope), ...objectPlan(scope).questions].map(({ dataset }) => ({
    dataset: dataset.name,
    window: null,
  }));
  return [
    ...lists,
    ...wanted(scope, 'insights').flatMap((one) => daysOf(insightPlan(scope, one, idle).questions)),
    ...daysOf(activityQuestions(scope, ANY_ZONE)),
    ...daysOf(pixelDays(scope)),
  ];
}

/** Only hours need the account's time zone, and here it is about days. */
const ANY_ZONE = 'UTC';

function pixelDays(scope: PullScope): readonly Question[] {
  const due = wanted(scope, 'pixel_stats').filter((dataset) => arePixelsDue(scope, dataset));
  return due.flatMap((dataset) =>
    pixelQuestions(scope, { dataset, pixelIds: [null], timezone: ANY_ZONE }),
  );
}

/** The days of questions, by dataset. */
function daysOf(questions: readonly Question[]): readonly NotAsked[] {
  const datasets = [...new Set(questions.map(({ dataset }) => dataset))];
  return datasets.flatMap((dataset) => {
    const windows = questions.filter((one) => one.dataset === dataset).map(({ window }) => window);
    return joined(windows).map((window) => ({ dataset: dataset.name, window }));
  });
}

/** A sentence for people: datasets with their days. */
export function notAskedText(left: readonly NotAsked[]): string {
  const texts = left.map(({ dataset, window }) => `${dataset}${daysText(window)}`);
  return `Left out: ${texts.join('; ')}.`;
}

/** A sentence for people about what Meta did not give. */
export function gapText({ dataset, window, part }: Gap): string {
  const what = part.fields === null ? 'rows' : `the fields ${part.fields.join(', ')}`;
  return `${dataset}${daysText(window)}: ${what} of ${objectsText(part)} (${part.why})`;
}

/** Windows that touch or overlap, joined, oldest first. */
function joined(windows: readonly (Window | null)[]): readonly Window[] {
  const sorted = windows
    .filter((window): window is Window => window !== null)
    .toSorted((a, b) => (a.since < b.since ? -1 : 1));
  const runs: Window[] = [];
  for (const window of sorted) {
    const last = runs.at(-1);
    if (last !== undefined && window.since <= addDays(last.until, 1)) {
      const until = last.until > window.until ? last.until : window.until;
      runs[runs.length - 1] = { since: last.since, until };
    } else runs.push(window);
  }
  return runs;
}

function daysText(window: Window | null): string {
  if (window === null) return '';
  const { since, until } = window;
  return since === until ? ` ${since}` : ` ${since} to ${until}`;
}

function objectsText({ campaigns, ad_sets, ads }: MissingPart): string {
  const texts = [
    scopeText('ad', ads),
    scopeText('ad set', ad_sets),
    scopeText('campaign', campaigns),
  ].filter((text) => text !== '');
  return texts.length === 0 ? 'the account' : texts.join(' of ');
}

/** A scope in words; one that leaves others out stands for objects that no list has. */
function scopeText(noun: string, scope: CampaignScope): string {
  switch (scope.kind) {
    case 'all':
      return '';
    case 'in':
      return scope.ids.length === 1
        ? `${noun} ${scope.ids[0]}`
        : `${scope.ids.length} ${noun}s from ${scope.ids[0]} on`;
    case 'not_in':
      return `${noun}s that are not listed`;
  }
}
