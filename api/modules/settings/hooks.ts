import type { Ctx } from '../../core/context.ts'
import type { Dictionary } from '../../contract/dictionary.ts'

declare module '../../core/modules.ts' {
  interface Hooks {
    /**
     * How often rows of this module refer to each of these entries; those never referred to may be left out. One statement for all.
     * An entry that anybody uses is disabled, never deleted.
     */
    'dictionary.uses'?: (
      ctx: Ctx,
      dictionary: Dictionary,
      entries: readonly { id: string; code: string }[],
    ) => Promise<ReadonlyMap<string, number>>
  }
}
