import { describe, expect, it } from 'vitest';
import { chosenDatasets, wanted } from '../../../src/platforms/meta/chosen.ts';
import { META_DATASETS } from '../../../src/platforms/meta/datasets.ts';

const ALL = META_DATASETS.map(({ name }) => name);
const USUAL = ALL.filter((name) => name !== 'insights_campaign_hour');

describe('the datasets that are pulled', () => {
  it('are all but those that cost a request for each day, when nothing is said', () => {
    expect(chosenDatasets(null)).toEqual(USUAL);
  });

  it('are changed with + and -, and are a list without signs', () => {
    expect(chosenDatasets(['+insights_campaign_hour'])).toEqual(ALL);
    expect(chosenDatasets(['-ads', '+insights_campaign_hour'])).toEqual(
      ALL.filter((name) => name !== 'ads'),
    );
    expect(chosenDatasets(['ads', 'campaigns'])).toEqual(['ads', 'campaigns']);
    expect(chosenDatasets(['ads', '-campaigns'])).toEqual(['ads']);
  });

  it('are those that the command names, whatever the setting says', () => {
    const config = { datasets: ['-insights_campaign_hour'] };
    const selection = { datasets: ['insights_campaign_hour'] };
    const names = (choice: Parameters<typeof wanted>[0]) =>
      wanted(choice, 'insights').map(({ name }) => name);
    expect(names({ config, selection })).toEqual(['insights_campaign_hour']);
    expect(names({ config, selection: {} })).toEqual(
      USUAL.filter((name) => name.startsWith('insights_')),
    );
  });

  it('have names; another one is refused, and the nearest is named', () => {
    expect(() => chosenDatasets(['+insights_campaign_hours'])).toThrow(
      'META_DATASETS names "insights_campaign_hours", which is no dataset of Meta. Did you mean insights_campaign_hour?',
    );
  });
});
