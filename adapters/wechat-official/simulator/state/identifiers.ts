/** Ids that look and sort like the platform's own. */
import { createHash, randomBytes, randomInt } from 'node:crypto'

const ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

export const randomText = (length: number, alphabet = ALPHANUMERIC) =>
  Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join('')

const urlSafe = (bytes: number) => randomBytes(bytes).toString('base64url')

export const newOpenId = () => `o${urlSafe(21).slice(0, 27)}`
export const newOriginalId = () => `gh_${randomBytes(6).toString('hex')}`
export const newMediaId = () => urlSafe(48)
export const newTicket = () => `g${randomText(2).toUpperCase()}${urlSafe(70)}==`
export const newAccessToken = () => `${randomInt(50, 99)}_${urlSafe(99)}`
export const newOauthToken = () => `${randomInt(50, 99)}_${urlSafe(66)}`
export const newCode = () => `0${randomInt(1, 9)}1${randomText(29)}`
export const newNonce = () => String(randomInt(100_000_000, 2_000_000_000))
/** 16 ASCII characters, as the platform fills the random part of its envelope. */
export const newRandom16 = () => randomBytes(8).toString('hex')

const hexWord = (value: number) => value.toString(16).padStart(8, '0')
/** `rid: xxxxxxxx-xxxxxxxx-xxxxxxxx`: seconds, then two random words. */
export const newRid = (now: number) => `${hexWord(Math.floor(now / 1000))}-${hexWord(randomInt(2 ** 32))}-${hexWord(randomInt(2 ** 32))}`

/** The openid of one person at another application: stable, and unlike the first one. */
export const openIdElsewhere = (appId: string, person: string) =>
  `o${createHash('sha256').update(`${appId}:${person}`).digest('base64url').slice(0, 27)}`

/** 64-bit and beyond 2^53 on purpose: whoever reads such an id as a number finds out here. */
export const createIdSequence = (first: bigint) => {
  let next = first
  return () => {
    const id = next
    next += BigInt(randomInt(1, 1000)) * 2n + 1n
    return id.toString()
  }
}
