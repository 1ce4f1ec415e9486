const PROGRAMS: readonly [RegExp, string][] = [
  [/wxwork/i, 'WeCom'],
  [/MicroMessenger/, 'WeChat'],
  [/Edg\//, 'Edge'],
  [/Firefox\//, 'Firefox'],
  [/Chrome\//, 'Chrome'],
  [/Safari\//, 'Safari'],
]
const SYSTEMS: readonly [RegExp, string][] = [
  [/iPhone|iPad/, 'iOS'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
]

/** `Chrome · Windows` of what a browser says about itself; null when it says nothing known. */
export function deviceName(userAgent: string | null): string | null {
  const known = [PROGRAMS, SYSTEMS].flatMap((names) => names.find(([pattern]) => pattern.test(userAgent ?? ''))?.[1] ?? [])
  return known.length > 0 ? known.join(' · ') : null
}
