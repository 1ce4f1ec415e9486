import { z } from 'zod'
import type { ConnectionCheck } from '../contract/adapter.ts'
import type { ChannelContext } from '../contract/context.ts'
import { ChannelFailure } from '../contract/failures.ts'
import { accessToken, callApi } from './client.ts'
import type { OfficialAccount } from './connection.ts'

const addresses = z.object({ ip_list: z.array(z.string()) })

/**
 * AppID, secret and our address on the allow list (`credentials`), then a harmless call with the token (`api`).
 * The detail of 40164 names the address that the platform saw.
 */
export async function testConnection(account: OfficialAccount, ctx: ChannelContext): Promise<ConnectionCheck[]> {
  const credentials = await check('credentials', async () => {
    await accessToken(account, ctx)
  })
  if (!credentials.ok) return [credentials]
  const api = await check('api', async () => {
    addresses.parse(await callApi(account, { path: '/cgi-bin/getcallbackip', purpose: 'read' }, ctx))
  })
  return [credentials, api]
}

async function check(name: string, run: () => Promise<void>): Promise<ConnectionCheck> {
  try {
    await run()
    return { name, ok: true }
  } catch (error) {
    if (!(error instanceof ChannelFailure)) return { name, ok: false, code: 'unreadable_answer' }
    return { name, ok: false, ...(error.platformCode === undefined ? {} : { code: error.platformCode }), detail: error.message }
  }
}
