/** `Chrome · Windows` of what a browser says about itself; null when it says nothing known. */
export const deviceName = (userAgent: string | null): string | null => {
  if (userAgent === null) return null
  const find = (names: readonly [RegExp, string][]) => names.find(([pattern]) => pattern.test(userAgent))?.[1]
  const program = find([
    [/wxwork/i, 'WeCom'],
    [/MicroMessenger/, 'WeChat'],
    [/Edg\//, 'Edge'],
    [/Firefox\//, 'Firefox'],
    [/Chrome\//, 'Chrome'],
    [/Safari\//, 'Safari'],
  ])
  const system = find([
    [/iPhone|iPad/, 'iOS'],
    [/Android/, 'Android'],
    [/Windows/, 'Windows'],
    [/Mac OS X/, 'macOS'],
    [/Linux/, 'Linux'],
  ])
  const known = [program, system].filter((name) => name !== undefined)
  return known.length > 0 ? known.join(' · ') : null
}
