// What is granted, as the form holds it.

import type { AccountAnswer, CaseScope } from '../api/types'
import { lines } from './use-act'

export const ROLES = ['staff', 'auditor', 'system_admin', 'security_admin', 'log_admin'] as const

/** Whether a role sees cases, so that the grant says which. */
export const seesCases = (role: string): boolean => role === 'staff' || role === 'auditor'

export interface GrantForm {
  role: string
  allAgencies: boolean
  agencies: string
  allRegions: boolean
  regions: string
  clearance: string
  from: string
  to: string
  until: string
  unmask: boolean
  counter: boolean
  upload: boolean
  purpose: string
}

/** What an account was granted; the least there is for one without a grant. */
export function formOf({ role, scope }: AccountAnswer): GrantForm {
  return {
    role: role ?? 'staff',
    allAgencies: scope != null && scope.agencies == null,
    agencies: scope?.agencies?.join('\n') ?? '',
    allRegions: scope != null && scope.regions == null,
    regions: scope?.regions?.join('\n') ?? '',
    clearance: scope?.clearance ?? 'public',
    from: String(scope?.years?.[0] ?? ''),
    to: String(scope?.years?.[1] ?? ''),
    until: scope?.until ?? '',
    unmask: scope?.unmask ?? false,
    counter: scope?.counter ?? false,
    upload: scope?.upload ?? false,
    purpose: scope?.purpose ?? '',
  }
}

/** Key of the text that says what is missing. */
export function missing(form: GrantForm): 'listMissing' | 'purposeMissing' | 'mandateHint' | undefined {
  if (!seesCases(form.role)) return undefined
  if (!form.allAgencies && lines(form.agencies).length === 0) return 'listMissing'
  if (!form.allRegions && lines(form.regions).length === 0) return 'listMissing'
  if (form.role === 'auditor' && (!form.from || !form.to || !form.until)) return 'mandateHint'
  return form.purpose.trim() ? undefined : 'purposeMissing'
}

/** The cases that the form means; `null` for a role that sees none. One year alone is that year. */
export function scopeOf(form: GrantForm): CaseScope | null {
  if (!seesCases(form.role)) return null
  const [from, to] = [form.from || form.to, form.to || form.from].map(Number)
  return {
    agencies: form.allAgencies ? null : lines(form.agencies),
    regions: form.allRegions ? null : lines(form.regions),
    clearance: form.clearance,
    years: from && to ? [from, to] : null,
    until: form.until || null,
    unmask: form.unmask,
    counter: form.role === 'staff' && form.counter,
    upload: form.role === 'staff' && form.upload,
    purpose: form.purpose.trim(),
  }
}
