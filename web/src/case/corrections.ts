// Making corrections and taking them back.

import { answer, api } from '../api/client'
import type { CorrectionAnswer, CorrectionRequest } from '../api/types'
import type { Box } from '../shared/boxes'
import type { PagePlace } from '../api/addresses'
import { isMasked } from './fields'

/** What is to be corrected. */
export type Target =
  | { kind: 'field'; field: string; value: string; evidence?: PagePlace & { box: Box } }
  | { kind: 'line'; line: number; value: string; evidence: PagePlace & { box?: Box } }

/** The request for a correction. What was seen goes with it, so that nobody overwrites what another just corrected. */
export function request(target: Target, value: string, reason: string): CorrectionRequest {
  const by = reason.trim() ? { reason: reason.trim() } : {}
  if (target.kind === 'line') {
    const { document, page } = target.evidence
    return { ...by, line: { document, page, line: target.line }, value, old: target.value }
  }
  return { ...by, field: target.field, value: value.trim(), ...(isMasked(target.field) ? {} : { old: target.value }) }
}

export function correct(id: string, body: CorrectionRequest): Promise<CorrectionAnswer> {
  return answer(api.POST('/api/v1/cases/{id}/corrections', { params: { path: { id } }, body }))
}

export function undo(id: string, n: number): Promise<CorrectionAnswer> {
  return answer(api.POST('/api/v1/cases/{id}/corrections/{n}/undo', { params: { path: { id, n } }, body: {} }))
}
