// The fields of a case as they are shown: value, who says so, where it stands on the scans.

import type { CaseAnswer, FactAnswer } from '../api/types'
import type { PagePlace } from '../api/addresses'
import { isCodeList } from '../i18n/codes'
import { boxOf, type Box } from '../shared/boxes'

/** The fields of which a case has one value each, in the order in which they are shown. */
export const FIELDS = [
  'title', 'document_number', 'acceptance_number', 'matter', 'outcome', 'agency', 'region', 'applicant_name', 'applicant_kind',
  'applicant_id_number', 'applied_on', 'accepted_on', 'decided_on', 'served_on', 'valid_from', 'valid_until', 'retention',
  'security_class',
] as const
export type Field = (typeof FIELDS)[number]

export const isField = (code: string): code is Field => (FIELDS as readonly string[]).includes(code)
export const isDateField = (field: string): boolean => /_on$|^valid_/.test(field)
/** Shown masked, so what is seen is not what is kept. */
export const isMasked = (field: string): boolean => field === 'applicant_id_number'
/** The list of codes of which a field has one; of the other fields none. */
export const codesField = (field: string): boolean => isCodeList(field)

export interface Evidence extends PagePlace {
  box: Box
}

export interface FieldView {
  field: string
  /** Code or text as the API has it; empty for none. */
  value: string
  /** Who says so. */
  fact?: FactAnswer
  /** Where it stands on a scan. */
  evidence?: Evidence
  /** How sure the reading at that place is, 0 to 1. */
  confidence?: number
  /** What was read there, when it is something else. */
  read?: string
  /** How many other values were found. */
  others: number
}

/** Tells the views of a case apart: a field has one, a detail one for each of its values. */
export const viewKey = (view: FieldView): string => (isField(view.field) ? view.field : `${view.field} ${view.value}`)

/** Readings less certain than this are not worth a word. */
const CERTAIN = 0.5

/** The value of a field. */
export function valueOf(answer: CaseAnswer, field: Field): string {
  const { applicant } = answer
  if (field === 'applicant_name') return applicant.name ?? ''
  if (field === 'applicant_kind') return applicant.kind ?? ''
  if (field === 'applicant_id_number') return applicant.id_number ?? ''
  return answer[field] ?? ''
}

/** Where a fact stands, when that is known. */
export function evidenceOf(fact: FactAnswer): Evidence | undefined {
  const box = boxOf(fact.box)
  return box && fact.document != null && fact.page != null ? { document: fact.document, page: fact.page, box } : undefined
}

/** The field as it is shown: the surest place that has its value, else the surest that has another. */
export function fieldView(answer: CaseAnswer, field: Field): FieldView {
  const value = valueOf(answer, field)
  const facts = answer.facts.filter((fact) => fact.field === field)
  const surest = facts
    .filter((fact) => evidenceOf(fact) && (fact.value === value || (fact.confidence ?? 0) >= CERTAIN))
    .sort((a, b) => Number(b.value === value) - Number(a.value === value) || (b.confidence ?? 0) - (a.confidence ?? 0))[0]
  const others = new Set(facts.filter((fact) => fact.value !== value && (fact.confidence ?? 1) >= CERTAIN).map((fact) => fact.value))
  return {
    field,
    value,
    fact: facts.find((fact) => fact.value === value),
    evidence: surest && evidenceOf(surest),
    confidence: surest?.confidence ?? undefined,
    read: surest && surest.value !== value ? surest.value : undefined,
    others: others.size,
  }
}

/** Every field, with and without a value. */
export function fieldViews(answer: CaseAnswer): FieldView[] {
  return FIELDS.map((field) => fieldView(answer, field))
}

/** The other things that were read, each value once, at its surest place. */
export function details(answer: CaseAnswer): FieldView[] {
  const best = new Map<string, FactAnswer>()
  for (const fact of answer.facts) {
    if (isField(fact.field) || fact.field === 'document_kind') continue
    const key = `${fact.field} ${fact.value}`
    const known = best.get(key)
    if (!known || (fact.confidence ?? 0) > (known.confidence ?? 0)) best.set(key, fact)
  }
  return [...best.values()].map((fact) => ({ field: fact.field, value: fact.value, fact, evidence: evidenceOf(fact), confidence: fact.confidence ?? undefined, others: 0 }))
}
