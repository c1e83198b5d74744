import type { Dataset } from '../../dataset.ts';

/** Exchange rates that a person or a job drops into landing as CSV files. */
export const FX_RATES: Dataset = {
  name: 'fx_rates',
  platform: 'internal',
  fold: 'entity',
  key: [
    { from: 'record', field: 'date' },
    { from: 'record', field: 'currency' },
  ],
  stagingKey: ['date', 'currency'],
  grain: 'One row per day and currency.',
};

/** The lake's own record of what was asked and when: every finished batch, as a row. */
export const BATCHES: Dataset = {
  name: 'batches',
  platform: 'internal',
  fold: 'entity',
  key: [{ from: 'account' }, { from: 'record', field: 'batch_id' }],
  stagingKey: ['account_id', 'batch_id'],
  grain: 'One row per landing batch (the answer to one request).',
};
