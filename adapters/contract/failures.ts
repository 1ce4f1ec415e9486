/** How a platform call can fail. The runtime decides by class alone what happens next. */
import type { DeliveryReason } from '#api/contract/errors.ts'

export abstract class ChannelFailure extends Error {
  readonly platformCode: string | undefined
  constructor(message: string, platformCode?: string) {
    super(message)
    this.name = new.target.name
    this.platformCode = platformCode
  }
}

/** The request is not the platform's. One error for every cause, so that nobody can probe the crypto. */
export class SignatureInvalid extends ChannelFailure {
  constructor() {
    super('signature invalid')
  }
}

/** Nothing was delivered and trying again may help: busy, 5xx, connection refused. */
export class TransientFailure extends ChannelFailure {
  readonly retryAfterMs: number | undefined
  constructor(message: string, options: { platformCode?: string; retryAfterMs?: number } = {}) {
    super(message, options.platformCode)
    this.retryAfterMs = options.retryAfterMs
  }
}

/** Nothing was delivered and trying again will not help. */
export class PermanentFailure extends ChannelFailure {
  readonly reason: DeliveryReason
  constructor(reason: DeliveryReason, message: string, platformCode?: string) {
    super(message, platformCode)
    this.reason = reason
  }
}

/** The time to answer is over (45015). */
export class ReplyWindowClosed extends PermanentFailure {
  constructor(platformCode?: string) {
    super('reply_window_closed', 'reply window closed', platformCode)
  }
}

/** `count`: answers allowed per customer message are used up (45047). `account`: the account's daily quota (45009); resume at `resetsAt`. */
export class QuotaSpent extends ChannelFailure {
  readonly scope: 'count' | 'account'
  readonly resetsAt: Date | undefined
  constructor(scope: 'count' | 'account', options: { platformCode?: string; resetsAt?: Date } = {}) {
    super(`quota spent: ${scope}`, options.platformCode)
    this.scope = scope
    this.resetsAt = options.resetsAt
  }
}

/** The channel cannot carry this kind of part. */
export class UnsupportedPart extends PermanentFailure {
  constructor(partType: string) {
    super('part_not_supported', `part not supported: ${partType}`)
  }
}

/** The request left us and no answer came: it may or may not have arrived. Never retried by itself. */
export class OutcomeUnknown extends ChannelFailure {}
