import type { App } from '../../../core/app.ts'

/** Codes, pictures, windows and half-finished logins whose time is long over. */
export async function forgetOldCodes(app: App): Promise<void> {
  const { db } = app
  await db('captchas').where('expires_at', '<', db.raw('app_now()')).delete()
  await db('code_windows').where('window_ends_at', '<', db.raw('app_now()')).delete()
  await db('login_codes').where('expires_at', '<', db.raw(`app_now() - interval '1 day'`)).delete()
  await db('login_challenges').where('expires_at', '<', db.raw(`app_now() - interval '1 day'`)).delete()
}
