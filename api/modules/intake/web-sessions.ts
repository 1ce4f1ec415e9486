import { z } from 'zod'
import type { webSessionRequest } from '../../contract/web.ts'
import type { App } from '../../core/app.ts'
import type { KnownVisitor } from '../../core/catalogue.ts'
import type { Ctx, CustomerActor } from '../../core/context.ts'
import { Forbidden, NotFound, Unauthenticated } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { accountsOf, kindOf, type OpenAccount } from '../channels/index.ts'
import { issueCustomerToken, keepPendingSource, personKey, renewCustomerToken, resolveIdentities } from '../customers/index.ts'

export interface WebSession {
  token: string
  expiresAt: Date
  identified: boolean
  settings: Record<string, unknown>
}

/**
 * Opens the customer's page (BP-003.1): known by his site's signature, by the token he has, or new and anonymous.
 * A bad signature is refused, never downgraded to anonymous; an anonymous past is not joined to a known visitor.
 * @throws Unauthenticated `identity_invalid`; Forbidden `identity_required`; NotFound
 */
export async function openWebSession(
  ctx: Ctx,
  accountId: string,
  input: z.infer<typeof webSessionRequest>,
  bearer: string | null,
): Promise<WebSession> {
  const account = await accountsOf(ctx.app).get(accountId, ctx.trx)
  const token = bearer !== null && !input.identity ? await ctx.app.hooks.only('auth.customer')(ctx.app, bearer) : null
  const known = token?.channelAccountId === accountId ? token : null
  const visitor = visitorOf(ctx, account, input, known)
  const source = sourceOf(input)
  const kept = known && bearer !== null ? await continueSession(ctx, known, { bearer, source }) : null
  if (kept) return { ...kept, settings: account.config }
  const externalId = visitor?.externalId ?? `${ANONYMOUS}${newId()}`
  const person = { channelAccountId: accountId, kind: account.kind, externalId, name: visitor?.name, avatarUrl: visitor?.avatarUrl }
  const identity = (await resolveIdentities(ctx.trx, [person])).get(personKey(accountId, externalId))
  if (!identity) throw new Error('identity vanished')
  if (source) await keepPendingSource(ctx.trx, identity.identity_id, source)
  const issued = await issueCustomerToken(ctx.trx, identity.identity_id, ctx.now)
  return { token: issued.token, expiresAt: issued.expiresAt, identified: visitor !== null, settings: account.config }
}

const ANONYMOUS = 'anon:'
const isAnonymous = ({ externalId, session }: CustomerActor) => externalId.startsWith(ANONYMOUS) && session.method === null

type Source = Parameters<typeof keepPendingSource>[2]

/** The page he is on, the language it speaks, and what its site says about the place: taken for a wish, since any page may claim it. */
function sourceOf({ pageUrl, team, business, entry, locale }: z.infer<typeof webSessionRequest>): Source | null {
  if ([pageUrl, team, business, entry, locale].every((each) => each === undefined)) return null
  return { kind: 'page', label: pageUrl ?? '', team, business, entry, locale }
}

/** Whoever comes back keeps his token. */
async function continueSession(ctx: Ctx, known: CustomerActor, { bearer, source }: { bearer: string; source: Source | null }) {
  const expiresAt = await renewCustomerToken(ctx.trx, bearer, ctx.now)
  if (!expiresAt) return null
  if (source) await keepPendingSource(ctx.trx, known.identityId, source)
  return { token: bearer, expiresAt, identified: !isAnonymous(known) }
}

/** @returns null for an anonymous visitor, where the account lets him in; who has signed in here has proven who he is */
function visitorOf(
  ctx: Ctx,
  account: OpenAccount,
  input: z.infer<typeof webSessionRequest>,
  known: CustomerActor | null,
): KnownVisitor | null {
  const { identify } = kindOf(ctx.app, account.kind)
  if (!account.active || !identify) throw new NotFound('channel account')
  if (input.identity) {
    const visitor = identify({ id: account.id, config: account.config }, input.identity, ctx.now)
    if (!visitor) throw new Unauthenticated('identity_invalid', 'the identity is not signed by this site')
    return visitor
  }
  const signedIn = known !== null && known.session.method !== null
  if (account.config.requireIdentity === true && !signedIn) throw new Forbidden('identity_required', 'this page is for signed-in visitors')
  return null
}

const originList = z.array(z.url()).catch([])

/** Sites that may show the page inside their own. */
export async function pageEmbedders(app: App, accountId: string): Promise<readonly string[] | null> {
  try {
    const account = await accountsOf(app).get(accountId)
    const isPage = account.active && app.catalogue.get(account.kind)?.identify !== undefined
    return isPage ? originList.parse(account.config.allowedOrigins ?? []) : null
  } catch (error) {
    if (error instanceof NotFound) return null
    throw error
  }
}
