// Where somebody goes on after logging in.

/** An address of this application; anything else (another site, `//host`) leads to the start. */
export function wayOn(next: unknown): string {
  const inside = typeof next === 'string' && /^\/(?![/\\])/.test(next) && !next.startsWith('/login')
  return inside ? next : '/'
}
