// Series of numbers as lines: where on each a number is missing, jumped over, or given twice. No drawing here.

import type { FindingAnswer, FindingCase, NumbersAnswer } from '../api/types'

export type PlaceKind = 'gap' | 'jump' | 'duplicate'
export interface NumberPlace {
  kind: PlaceKind
  from: number
  to: number
  /** Where it begins, and how wide it is, from 0 to 1. */
  at: number
  width: number
  /** The finding of this page that is about it. */
  finding?: string
  /** Cases that share a number. */
  cases: FindingCase[]
  caseCount: number
}
export interface NumberLine {
  key: string
  numbers: NumbersAnswer
  /** First and last number of the line, and where marks of a scale stand. */
  begin: number
  end: number
  ticks: { number: number; at: number }[]
  places: NumberPlace[]
}

/** Steps of 1, 2 or 5 times a power of ten, so that at most `most` stand in the span. */
export function steps(begin: number, end: number, most = 8): number[] {
  const span = Math.max(1, end - begin)
  const power = 10 ** Math.floor(Math.log10(span / most))
  const step = Math.max(1, [1, 2, 5, 10].map((factor) => factor * power).find((one) => span / one <= most) ?? 1)
  const first = Math.ceil(begin / step) * step
  const count = Math.floor((end - first) / step) + 1
  return Array.from({ length: Math.max(0, count) }, (_, at) => first + at * step)
}

/** The line of a series. */
export function lineOf(key: string, numbers: NumbersAnswer, findings: readonly FindingAnswer[]): NumberLine {
  const begin = Math.min(numbers.first, numbers.missing[0]?.from ?? numbers.first)
  const end = numbers.last
  const span = end - begin + 1
  const at = (number: number) => (number - begin) / span
  const about = (from: number, to: number, duplicate: boolean) =>
    findings.find(({ rule, numbers: of }) => of?.from === from && of.to === to && (rule === 'number_duplicate') === duplicate)?.id
  const missing = numbers.missing.map(({ from, to, jump }): NumberPlace => ({ kind: jump ? 'jump' : 'gap', from, to, at: at(from), width: (to - from + 1) / span, finding: about(from, to, false), cases: [], caseCount: 0 }))
  const twice = numbers.duplicates.map(({ number, cases, case_count }): NumberPlace => ({ kind: 'duplicate', from: number, to: number, at: at(number), width: 1 / span, finding: about(number, number, true), cases, caseCount: case_count }))
  return {
    key,
    numbers,
    begin,
    end,
    ticks: steps(begin, end).map((number) => ({ number, at: at(number) })),
    places: [...missing, ...twice].sort((a, b) => a.from - b.from || a.to - b.to),
  }
}

/** One line for each series that the findings are about, in their order. */
export function linesOf(findings: readonly FindingAnswer[]): NumberLine[] {
  const found = new Map<string, FindingAnswer[]>()
  for (const finding of findings) {
    if (!finding.numbers) continue
    const { kind, prefix, place } = finding.numbers
    const key = JSON.stringify([kind, prefix, place ?? null])
    found.set(key, [...(found.get(key) ?? []), finding])
  }
  return [...found].map(([key, of]) => lineOf(key, of[0]!.numbers!, of))
}
