/** The member of a row put together from several answers that names the fields it has to do without. */
export const DEGRADED = '_degraded';
