/** Where signing in leads: a path of this application and nothing else, so that no link can send people to a foreign site. */
export const nextPath = (next: unknown): string => (typeof next === 'string' && /^\/(?![/\\])/.test(next) ? next : '/workbench')
