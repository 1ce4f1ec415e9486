/** Ids of exposed rows are UUIDv7 made by the application: batches need them before the insert, and they index in time order. */
import { v7 } from 'uuid'

export const newId = (): string => v7()
