/** The channel 微信公众号 (CH-01). README.md tells the way of a message. */
import type { ChannelAdapter } from '../contract/adapter.ts'
import { capabilities } from './capabilities.ts'
import { configSchema, type OfficialAccountConfig } from './config.ts'
import { testConnection } from './connection-test.ts'
import { fetchMedia } from './media.ts'
import { readMenu, writeMenu } from './menu.ts'
import { parse } from './parse.ts'
import { fetchProfile } from './profile.ts'
import { createQrCode } from './qr.ts'
import { send, typing } from './send.ts'
import { listTemplates } from './templates.ts'
import { verify } from './verify.ts'

const wechatOfficial: ChannelAdapter<OfficialAccountConfig> = {
  kind: 'wechat-official',
  label: { 'zh-CN': '微信公众号', en: 'WeChat Official Account' },
  configSchema,
  capabilities,
  verify,
  parse,
  acknowledgement: { body: 'success', contentType: 'text/plain; charset=utf-8' },
  send,
  typing,
  fetchMedia,
  fetchProfile,
  test: testConnection,
  createQrCode,
  readMenu,
  writeMenu,
  listTemplates,
}

export default wechatOfficial
