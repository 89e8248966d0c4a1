// What this browser remembers. A browser may refuse to remember, or hold something that an older version wrote.

/** What is remembered under a name, when `accept` takes it; else `otherwise`. */
export function recall<T>(name: string, accept: (value: unknown) => value is T, otherwise: T): T {
  try {
    const text = localStorage.getItem(`juanzong.${name}`)
    const value: unknown = text === null ? undefined : JSON.parse(text)
    return accept(value) ? value : otherwise
  } catch {
    return otherwise
  }
}

/** Remembers something, or (with `undefined`) forgets it. */
export function remember(name: string, value: unknown): void {
  try {
    if (value === undefined) localStorage.removeItem(`juanzong.${name}`)
    else localStorage.setItem(`juanzong.${name}`, JSON.stringify(value))
  } catch {
    // Full or forbidden: the page works without.
  }
}

export const isText = (value: unknown): value is string => typeof value === 'string'
export const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every(isText)
