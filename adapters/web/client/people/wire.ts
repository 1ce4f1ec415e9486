/** Shapes of registering and signing in, from the contract: as types alone. */
import type { z } from 'zod'
import type { Captcha, CodeTicket } from '#api/contract/login.ts'
import type { webLoginRequest, webPasswordRequest, webPasswordReset, webProfilePatch } from '#api/contract/registration.ts'

export type { OpenedLink, WebDevice, WebLogin, WebPage, WebPrivacy, WebProfile, WebScan } from '#api/contract/registration.ts'
export type { Captcha, CodeTicket }
/** As sent: what has a default may be left out. */
export type LoginRequest = z.input<typeof webLoginRequest>
export type PasswordRequest = z.input<typeof webPasswordRequest>
export type PasswordReset = z.input<typeof webPasswordReset>
export type ProfilePatch = z.input<typeof webProfilePatch>
