/**
 * Two database roles: the owner migrates, the application works. The application's may read and write rows but owns nothing, so that it can
 * neither change an insert-only table nor switch off the trigger that refuses it.
 */
import type { Knex } from 'knex'
import { z } from 'zod'

const userOf = (url: string) => decodeURIComponent(new URL(url).username)
const passwordOf = (url: string) => decodeURIComponent(new URL(url).password)

const facts = z.object({ rows: z.tuple([z.object({ me: z.string(), exists: z.boolean() })]) })
const statement = z.object({ rows: z.tuple([z.object({ sql: z.string() })]) })
const verdict = z.object({ rows: z.tuple([z.object({ may_change: z.boolean() })]) })

/**
 * Makes the application's role where it is missing, with the password of its address, and grants what it needs: at each migration, since
 * that is when tables come. Does nothing when owner and application are one.
 * @param owner a connection that owns the schema, and may create roles unless the role is there
 */
export async function grantToApplication(owner: Knex, applicationUrl: string): Promise<void> {
  const role = userOf(applicationUrl)
  const { me, exists } = facts.parse(
    await owner.raw(`select current_user as me, exists (select from pg_roles where rolname = ?) as exists`, [role]),
  ).rows[0]
  if (me === role || role === '') return
  if (!exists) {
    // Utility statements take no parameters: the server itself quotes what goes into them.
    const create: unknown = await owner.raw(`select format('create role %I login password %L', ?::text, ?::text) as sql`, [
      role,
      passwordOf(applicationUrl),
    ])
    await owner.raw(statement.parse(create).rows[0].sql.replaceAll('?', '\\?'))
  }
  await owner.raw(`select grant_to_application(?)`, [role])
}

/** Whether this connection could rewrite the audit trail: then tampering is refused by triggers alone, which an owner can switch off. */
export async function mayRewriteAudit(application: Knex): Promise<boolean> {
  return verdict.parse(await application.raw(`select has_table_privilege('audit_entries', 'update, delete, truncate') as may_change`))
    .rows[0].may_change
}
