import { describe, expect, it } from 'vitest';
import { readReportState } from '../../../../src/platforms/meta/report/report-state.ts';

describe('a report', () => {
  it.each([
    [{ async_status: 'Job Not Started', async_percent_completion: 0 }, 'running'],
    [{ async_status: 'Job Started', async_percent_completion: 0 }, 'running'],
    [{ async_status: 'Job Running', async_percent_completion: 100 }, 'running'],
    [{ async_status: 'Job Completed', async_percent_completion: 97 }, 'running'],
    [{ async_status: 'Job Completed', async_percent_completion: 100 }, 'completed'],
    [{ async_status: 'Job Skipped', async_percent_completion: 0 }, 'failed'],
    [{ async_status: 'Job Failed', async_percent_completion: 37 }, 'failed'],
    [{ async_status: 'Job Failed', error_code: -2, error_subcode: 2490547 }, 'failed'],
    [{ async_status: 'Job Failed', error_code: 2, is_transient: true }, 'failed'],
    [{ async_status: 'Job Failed', error_code: -3, error_subcode: 1504045 }, 'too_large'],
    [{ async_status: 'Job Failed', error_code: 100, error_subcode: 1487534 }, 'too_large'],
    [{ async_status: 'Job Failed', error_code: 190, error_subcode: 463 }, 'refused'],
    [{ async_status: 'Job Failed', error_code: 200 }, 'refused'],
    [{ id: '1' }, 'running'],
    [null, 'running'],
  ] as const)('%j is %s', (run, kind) => {
    expect(readReportState(run).kind).toBe(kind);
  });

  it('that failed says why, in the words of its run', () => {
    const run = { async_status: 'Job Failed', error_code: -2, error_message: 'It broke.' };
    expect(readReportState(run)).toMatchObject({ complaint: { code: -2, message: 'It broke.' } });
  });
});
