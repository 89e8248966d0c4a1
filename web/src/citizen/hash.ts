// The SHA-256 of a file, computed in the browser: the file goes nowhere.

/** Whether this browser computes hashes here: over plain http it does so for the own machine only. */
export const canHash = (): boolean => typeof crypto !== 'undefined' && crypto.subtle !== undefined

/** SHA-256 in hexadecimal digits. */
export async function sha256(file: Blob): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer())
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Digits in groups, which people can compare. */
export function grouped(hash: string): string {
  return hash.match(/.{1,8}/g)?.join(' ') ?? ''
}
