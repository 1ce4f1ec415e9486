/** The platform's error codes and the words that go with them. */

const MESSAGES: Record<number, string> = {
  40001: 'invalid credential, access_token is invalid or not latest',
  40002: 'invalid grant_type',
  40003: 'invalid openid',
  40004: 'invalid media type',
  40005: 'invalid file type',
  40007: 'invalid media_id',
  40008: 'invalid message type',
  40009: 'invalid image size',
  40010: 'invalid voice size',
  40011: 'invalid video size',
  40012: 'invalid thumb size',
  40013: 'invalid appid',
  40014: 'invalid access_token',
  40016: 'invalid button size',
  40017: 'invalid button type',
  40018: 'invalid button name size',
  40019: 'invalid button key size',
  40020: 'invalid button url size',
  40023: 'invalid sub button size',
  40029: 'invalid code',
  40030: 'invalid refresh_token',
  40033: 'invalid charset. please check your request, if include \\uxxxx will create fail!',
  40035: 'invalid parameter',
  40037: 'invalid template_id',
  40053: 'invalid action info, please check document',
  40066: 'invalid url',
  40097: 'invalid args',
  40125: 'invalid appsecret',
  40163: 'code been used',
  40164: 'invalid ip',
  41001: 'access_token missing',
  41002: 'appid missing',
  41004: 'appsecret missing',
  41005: 'media data missing',
  41006: 'media_id missing',
  41008: 'missing code',
  41009: 'missing openid',
  42001: 'access_token expired',
  42002: 'refresh_token expired',
  43001: 'require GET method',
  43002: 'require POST method',
  43004: 'require subscribe',
  43019: 'user is in blacklist',
  43101: 'user refuse to accept the msg',
  44002: 'empty post data',
  44003: 'empty news data',
  44004: 'empty content',
  45001: 'media size out of limit',
  45002: 'content size out of limit',
  45007: 'playtime out of limit (max 60s)',
  45008: 'article size out of limit',
  45009: 'reach max api daily quota limit',
  45011: 'api minute-quota reach limit, must slower, retry next minute',
  45015: 'response out of time limit or subscription is canceled',
  45047: 'out of response count limit',
  45072: 'invalid command',
  45080: 'need recent user interaction to send typing',
  45081: 'typing is already on',
  46003: 'menu no exist',
  47001: 'data format error',
  47003: 'argument invalid',
  48001: 'api unauthorized',
  48002: 'user block receive message',
  48006: 'forbid to clear quota because of reaching the limit',
  61452: 'invalid kf_account',
  65400: 'please enable new custom service, or wait for a while if you have enabled',
  76021: 'cgi_path not found, please check',
  76022: 'could not use this rid to query, please check',
}

export const messageOf = (errcode: number) => MESSAGES[errcode] ?? 'system error'

/** The platform refuses a call; answered with HTTP 200 and a `rid`. */
export class PlatformRefusal extends Error {
  readonly errcode: number
  constructor(errcode: number, detail?: string) {
    super(detail ? `${messageOf(errcode)}${detail}` : messageOf(errcode))
    this.errcode = errcode
  }
}

/** A declaration, not an arrow: only so does the compiler know that nothing runs after it. */
export function refuse(errcode: number, detail?: string): never {
  throw new PlatformRefusal(errcode, detail)
}
