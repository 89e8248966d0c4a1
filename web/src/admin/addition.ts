// What is added to a dictionary, as the form holds it.

import type { AdditionRequest } from '../api/types'
import { lines } from './use-act'

export const KINDS = ['agencies', 'synonyms', 'matters', 'words'] as const
export type Kind = (typeof KINDS)[number]

/** 普通, 特许 … as they stand in the dictionary of matters. */
export const CATEGORIES = ['普通', '特许', '认可', '核准', '登记', '其他'] as const

export interface AdditionForm {
  term: string
  /** Synonyms, successors or other names, one a line. */
  others: string
  sameAs: string
  from: string
  to: string
  category: string
  /** Agencies that decide a matter, one a line. */
  deciders: string
}

export const EMPTY: AdditionForm = { term: '', others: '', sameAs: '', from: '', to: '', category: '', deciders: '' }

/** What the form means for a dictionary. What is left empty stays as it was. */
export function additionOf(kind: Kind, form: AdditionForm): AdditionRequest {
  const term = form.term.trim()
  const year = (text: string) => Number(text) || undefined
  switch (kind) {
    case 'words':
      return { kind: 'word', term }
    case 'synonyms':
      return { kind: 'synonyms', term, others: lines(form.others) }
    case 'agencies':
      return { kind: 'agency', name: term, same_as: form.sameAs.trim() || undefined, from: year(form.from), to: year(form.to), successors: lines(form.others) }
    case 'matters':
      return { kind: 'matter', name: term, category: form.category || undefined, agencies: lines(form.deciders), synonyms: lines(form.others) }
  }
}
