// What a doubt of the queue is about, and which values there are to choose from.

import type { CaseAnswer, LineAnswer } from '../api/types'
import { boxOf, shareInside, type Box } from '../shared/boxes'

export interface Candidate {
  value: string
  source: string
  confidence?: number
}

/** Most values offered: those that the keys 1 to 9 can take. */
const MOST = 9

/** The different values of a field, as given by catalogue and people first, then the surest readings. */
export function candidates(answer: CaseAnswer, field: string): Candidate[] {
  const rank = (source: string) => ({ correction: 2, catalogue: 1 })[source] ?? 0
  const facts = answer.facts
    .filter((fact) => fact.field === field)
    .sort((a, b) => rank(b.source) - rank(a.source) || (b.confidence ?? 0) - (a.confidence ?? 0))
  const found = new Map<string, Candidate>()
  for (const { value, source, confidence } of facts) {
    if (!found.has(value)) found.set(value, { value, source, confidence: confidence ?? undefined })
  }
  return [...found.values()].slice(0, MOST)
}

/** Index of the line that a box means: the one that lies in it the most, if half of it does; else -1. */
export function lineIn(lines: readonly LineAnswer[], box: Box): number {
  let best = -1
  let most = 0.5
  lines.forEach((line, at) => {
    const own = boxOf(line.box)
    const share = own ? shareInside(own, box) : 0
    if (share > most) [best, most] = [at, share]
  })
  return best
}
