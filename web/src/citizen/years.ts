// The own cases over the years.

import type { OwnSummary } from './api'

/** The day by which the server orders a case, as far as its papers show: of the decision, else of the acceptance, else of the application. */
function dayOf({ stages }: OwnSummary): string | undefined {
  const dated = (stage: string) => stages.find((one) => one.stage === stage && one.date)?.date
  return dated('decision') ?? dated('acceptance') ?? dated('application') ?? undefined
}

export interface Year {
  /** `undefined` for cases without a date. */
  year: string | undefined
  cases: OwnSummary[]
}

/** Cases in their order, one group a year. */
export function byYear(cases: readonly OwnSummary[]): Year[] {
  const years: Year[] = []
  for (const one of cases) {
    const year = dayOf(one)?.slice(0, 4)
    const last = years[years.length - 1]
    if (last && last.year === year) last.cases.push(one)
    else years.push({ year, cases: [one] })
  }
  return years
}

/** What an outcome means for the applicant: it went well, it did not, or neither. */
export function tone(outcome: string | null | undefined): 'good' | 'bad' | 'plain' {
  if (['granted', 'renewed', 'changed'].includes(outcome ?? '')) return 'good'
  return ['refused', 'revoked'].includes(outcome ?? '') ? 'bad' : 'plain'
}
