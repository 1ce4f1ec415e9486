/**
 * The web channel: H5 page and embeddable widget (`client/`). There is no platform behind it: the page writes and reads
 * through the API, so nothing is verified, parsed or called here; what a site says about its visitor is (`identify`).
 */
import { UnsupportedPart, type ChannelAdapter } from '../contract/index.ts'
import { webCapabilities } from './capabilities.ts'
import { webConfigSchema, type WebConfig } from './config.ts'
import { identify } from './identity.ts'

const web: ChannelAdapter<WebConfig> = {
  kind: 'web',
  label: { 'zh-CN': '网页', en: 'Web' },
  configSchema: webConfigSchema,
  capabilities: webCapabilities,
  /** Sent once stored: the page fetches it, and its receipt makes the message read. */
  async send(_account, call) {
    if (!webCapabilities.parts.includes(call.part.type)) throw new UnsupportedPart(call.part.type)
    return {}
  },
  identify,
}

export default web
