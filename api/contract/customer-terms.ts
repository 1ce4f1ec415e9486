/** Words and limits of customers, segments, merging and imports as plain data: browsers take them without zod. */

export const CUSTOMER_STATUSES = ['temporary', 'formal'] as const
export type CustomerStatus = (typeof CUSTOMER_STATUSES)[number]
export const CUSTOMER_SORTS = ['last_contact', 'created', 'name'] as const
export type CustomerSort = (typeof CUSTOMER_SORTS)[number]

export const MAX_CONDITIONS = 30
export const MAX_DEPTH = 5

export const MERGE_SUGGESTION_STATES = ['open', 'dismissed', 'merged'] as const

export const IMPORT_MAX_BYTES = 20 * 1024 * 1024
export const IMPORT_MAX_ROWS = 100_000
/**
 * What becomes of a row whose customer is there already. `skip`: left out. `update`: his empty and other values are replaced by those of the file.
 * `create`: a new customer, where only name and institution are alike; a phone belongs to one person, so rows with a known phone are left out.
 */
export const DUPLICATE_POLICIES = ['skip', 'update', 'create'] as const
export type DuplicatePolicy = (typeof DUPLICATE_POLICIES)[number]

export const IMPORT_COLUMNS = [
  'name',
  'phone',
  'remarkName',
  'title',
  'institution',
  'status',
  'level',
  'region',
  'owner',
  'tags',
  'note',
] as const
export type ImportColumn = (typeof IMPORT_COLUMNS)[number]

/** Uses of a tag are exact up to here. */
export const USES_CAP = 10_000
