/** The client's address. `X-Forwarded-For` is believed only as far as trusted proxies wrote it. */
import { BlockList, isIP } from 'node:net'

export function createAddressReader(trustedProxies: readonly string[]) {
  const trusted = new BlockList()
  for (const entry of trustedProxies) {
    const [address = '', bits] = entry.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (bits) trusted.addSubnet(address, Number(bits), family)
    else trusted.addAddress(address, family)
  }
  const isTrusted = (address: string) => isIP(address) !== 0 && trusted.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
  return (peer: string, forwarded: string | undefined): string => {
    let address = peer.replace(/^::ffff:/, '')
    for (const hop of (forwarded ?? '')
      .split(',')
      .map((part) => part.trim())
      .reverse()) {
      if (!isTrusted(address) || isIP(hop) === 0) break
      address = hop
    }
    return address
  }
}
