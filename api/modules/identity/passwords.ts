/** argon2id with the library's defaults (19 MiB, t=2), about 0.1 s on a small core. */
import { hash, verify } from '@node-rs/argon2'

export const hashPassword = (password: string): Promise<string> => hash(password)

/** Checked for names that do not exist, so that both cases take the same path and time. */
const NOBODY = hash('nobody has this password')

export async function passwordMatches(stored: string | null | undefined, given: string): Promise<boolean> {
  const matches = await verify(stored ?? (await NOBODY), given)
  return matches && Boolean(stored)
}
