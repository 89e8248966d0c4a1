// Who the help is written for, and the parts of each.

export const GROUPS = {
  staff: ['search', 'results', 'case', 'review'],
  auditors: ['mandate', 'search', 'across', 'audit', 'case', 'export'],
  counter: ['codes', 'counterHelp'],
  administrators: ['three', 'accounts', 'grants', 'log'],
} as const
export type Group = keyof typeof GROUPS

export const isGroup = (name: string): name is Group => name in GROUPS

/** The group of a role; whoever has none reads what staff read. */
export function groupOf(role: string | null | undefined): Group {
  if (role === 'auditor') return 'auditors'
  return role?.endsWith('_admin') ? 'administrators' : 'staff'
}
