// Who looked at the own files: an officer who goes through a file leaves an entry for each page, a reader wants to see one visit.

import type { AccessAnswer } from '../api/types'

/** What somebody did with one file on one day. */
export interface Visit {
  who: string
  caseId: string
  purpose: string | null
  /** What was done, each once, in words. */
  actions: string[]
  /** The latest and the first moment (RFC 3339). */
  latest: string
  first: string
  /** Numbers of the latest and the first entry, to ask about. */
  numbers: [number, number]
}

/** The day of a moment, where the reader is. */
function day(moment: string): string {
  return new Date(moment).toDateString()
}

/** Entries that follow each other and are of one visitor, file, purpose and day, as one visit. */
export function visits(entries: readonly AccessAnswer[]): Visit[] {
  const found: Visit[] = []
  for (const entry of entries) {
    const purpose = entry.purpose ?? null
    const last = found[found.length - 1]
    const same = last && last.who === entry.who && last.caseId === entry.case_id && last.purpose === purpose && day(last.first) === day(entry.at)
    if (same) {
      if (!last.actions.includes(entry.action_label)) last.actions.push(entry.action_label)
      last.first = entry.at
      last.numbers[1] = entry.number
    } else {
      found.push({ who: entry.who, caseId: entry.case_id, purpose, actions: [entry.action_label], latest: entry.at, first: entry.at, numbers: [entry.number, entry.number] })
    }
  }
  return found
}

/** The numbers of a visit as they are written. */
export function numbersOf({ numbers: [last, first] }: Visit): string {
  return first === last ? String(last) : `${first}–${last}`
}
