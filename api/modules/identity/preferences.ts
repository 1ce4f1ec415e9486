import type { z } from 'zod'
import { preferencesSchema, type preferencesPatch, type Preferences } from '../../contract/identity.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { fromOutside } from '../../core/request-shape.ts'
import { Account } from './model.ts'

type Patch = z.output<typeof preferencesPatch>

/** Key by key: what two devices change at once both counts. Null forgets a key of the layout. */
export function mergePreferences(stored: Partial<Preferences>, patch: Patch): Preferences {
  const layout = Object.fromEntries(Object.entries({ ...stored.layout, ...patch.layout }).filter(([, value]) => value !== null))
  return fromOutside(preferencesSchema, { ...stored, ...patch, layout })
}

export async function myPreferences(ctx: Ctx<StaffActor>): Promise<Preferences> {
  const account = await Account.query(ctx.trx).findById(ctx.actor.accountId).throwIfNotFound()
  return preferencesSchema.parse(account.preferences)
}

/** Personal settings are in the account, so they follow the person from device to device. @throws Invalid for too many keys */
export async function changePreferences(ctx: Ctx<StaffActor>, patch: Patch): Promise<Preferences> {
  const account = await Account.query(ctx.trx).findById(ctx.actor.accountId).forNoKeyUpdate().throwIfNotFound()
  const preferences = mergePreferences(account.preferences, patch)
  await account.$query(ctx.trx).patch({ preferences, version: account.version + 1 })
  return preferences
}
