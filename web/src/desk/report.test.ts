import { describe, expect, it } from 'vitest'
import type { FindingAnswer, NumbersAnswer } from '../api/types'
import { linesOf, steps } from './number-lines'
import { readReport, reportAddress, writeReport } from './report-state'

const numbers = (more: Partial<NumbersAnswer> = {}): NumbersAnswer => ({
  kind: 'document_number', agency: '甲局', year: 2019, prefix: '灵食许〔2019〕', place: '灵丘县', first: 1, last: 20, present: 9, missing_count: 11,
  missing: [{ from: 4, to: 4, jump: false }, { from: 8, to: 17, jump: true }],
  duplicates: [{ number: 3, case_count: 2, cases: [] }],
  left_out: 0, from: 4, to: 4, ...more,
})
const finding = (id: string, rule: string, of?: NumbersAnswer): FindingAnswer => ({
  id, rule, label: rule, severity: 'medium', severity_label: '中', basis: '', message: '', agency: '甲局', year: 2019, state: 'open', case_count: 1, cases: [], decisions: [], numbers: of,
})

describe('number lines', () => {
  it('are one for each series, with the findings of the page at their places', () => {
    const lines = linesOf([
      finding('a', 'number_gap', numbers()),
      finding('b', 'number_jump', numbers({ from: 8, to: 17 })),
      finding('c', 'over_time'),
      finding('d', 'number_gap', numbers({ prefix: '灵卫许〔2019〕', missing: [{ from: 1, to: 1, jump: false }], duplicates: [], first: 2, last: 5, from: 1, to: 1 })),
    ])
    expect(lines.map((line) => line.numbers.prefix)).toEqual(['灵食许〔2019〕', '灵卫许〔2019〕'])
    expect(lines[0]!.places.map(({ kind, from, to, finding: id }) => [kind, from, to, id])).toEqual([['duplicate', 3, 3, undefined], ['gap', 4, 4, 'a'], ['jump', 8, 17, 'b']])
    expect(lines[0]!.places[2]!.at).toBeCloseTo(7 / 20)
    expect(lines[0]!.places[2]!.width).toBeCloseTo(10 / 20)
    expect(lines[1]!.begin).toBe(1)
  })
  it('have steps that people count in', () => {
    expect(steps(1, 31)).toEqual([5, 10, 15, 20, 25, 30])
    expect(steps(1, 3)).toEqual([1, 2, 3])
    expect(steps(7, 7)).toEqual([7])
    expect(steps(1, 100_000).length).toBeLessThanOrEqual(8)
  })
})

describe('the address of the report', () => {
  it('is read and written back, and means something whatever it says', () => {
    const query = { title: '甲', sections: 'figures,sample', from: '2019-01-01', agency: ['甲局', '乙局'], measures: 'cases', rule: 'number_gap', severity: ['high', 'low'], state: 'all', thumbnails: 'false', seed: '7', sample: '5', by: 'year' }
    const state = readReport(query)
    expect(readReport(writeReport(state) as typeof query)).toEqual(state)
    const odd = readReport({ sections: 'x', from: 'soon', measures: 'x', severity: 'x', state: 'x', seed: '-1', sample: '0' })
    expect([odd.sections, odd.from, odd.measures, odd.severities, odd.state, odd.seed, odd.sample]).toEqual([[], '', [], [], 'open', 1, 60])
    expect(writeReport(readReport({}))).toEqual({})
    expect(readReport({ from: '2020-01-01', to: '2019-01-01' })).toMatchObject({ from: '2019-01-01', to: '2020-01-01' })
  })
  it('asks the server for what was chosen', () => {
    const address = reportAddress(readReport({ agency: ['甲局', '乙局'], sections: 'figures,findings' }), true)
    expect(decodeURIComponent(address)).toBe('/api/v1/audit-report?sections=figures,findings&agency=甲局&agency=乙局&download=true')
    expect(reportAddress(readReport({ measures: '' }), false)).not.toContain('figures')
  })
})
