// Finding accounts in a list of them.

import type { AccountAnswer } from '../api/types'

/** The accounts whose name or person holds what was typed. */
export function matching(accounts: readonly AccountAnswer[], typed: string): AccountAnswer[] {
  const wanted = typed.trim()
  return accounts.filter(({ name, person }) => name.includes(wanted.toLowerCase()) || person.includes(wanted))
}
