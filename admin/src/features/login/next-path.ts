/**
 * Where signing in leads: a path of this application and nothing else, so that no link can send people to a foreign site. Browsers drop tabs and
 * line breaks out of addresses: `/\t/elsewhere` would be `//elsewhere`.
 */
export const nextPath = (next: unknown): string => (typeof next === 'string' && /^\/(?![/\\])\P{Cc}*$/u.test(next) ? next : '/workbench')
