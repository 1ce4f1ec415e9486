/** Midnight of today in the company's time zone, as SQL: one constant of a statement, so that indexes on times serve it. */
export const DAY_BEGAN = `(select date_trunc('day', app_now() at time zone s.time_zone) at time zone s.time_zone from company_settings s)`
