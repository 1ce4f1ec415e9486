/** Is a block in force? A condition over one row of `customer_blocks`. */
export const ACTIVE_BLOCK = (alias: string): string =>
  `${alias}.lifted_at is null and (${alias}.blocked_until is null or ${alias}.blocked_until > app_now())`
