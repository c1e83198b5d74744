import type { ReportQuestion } from '../../pull/connector.ts';
import { REPORT_TYPES } from './report-type.ts';

/** The order of a report, as it is sent. Its name says who ordered it and on which day. */
export function orderOf({
  kind,
  window,
  today,
}: ReportQuestion): Readonly<Record<string, unknown>> {
  const type = REPORT_TYPES.find(({ name }) => name === kind.name);
  return {
    name: `adlake ${kind.name} ${window.since} ${window.until}, asked on ${today}`,
    startDate: window.since,
    endDate: window.until,
    configuration: {
      adProduct: type?.adProduct,
      groupBy: [type?.groupBy],
      columns: type?.columns,
      reportTypeId: kind.name,
      timeUnit: 'DAILY',
      format: 'GZIP_JSON',
    },
  };
}
