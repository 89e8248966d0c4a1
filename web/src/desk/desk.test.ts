import { describe, expect, it } from 'vitest'
import type { LocationQuery } from 'vue-router'
import type { CellAnswer, StatisticsResponse } from '../api/types'
import { readDesk, statsParameters, writeDesk, type DeskState } from './desk-state'
import { figures, figureText } from './figures'
import { plotOf } from './plot'

const words = { none: '（无）', all: '合计', label: (measure: string) => measure, period: (index: number) => `时期${index}` }
const cell = (values: (string | null)[], cases: number, rate: number | null = null): CellAnswer => ({
  values,
  cases,
  figures: { cases: { value: cases }, refusal_rate: { value: rate } },
  query: `at=${values.join('/')}`,
})
const value = (code: string | null, label = code ?? '无') => ({ value: code, label })
const measure = (code: string, unit: string) => ({ code, unit, label: code, label_en: code, definition: '', definition_en: '' })
const dimension = (code: string, values: { value: string | null; label: string }[]) => ({ code, label: code, label_en: code, values })
const response = (dimensions: ReturnType<typeof dimension>[], cells: CellAnswer[], margins: CellAnswer[][] = []): StatisticsResponse => ({
  total: 9,
  took_ms: 1,
  understood: '',
  generation: '1',
  sequence: 5,
  measures: [measure('cases', 'cases'), measure('refusal_rate', 'share')],
  dimensions,
  periods: [{ from: null, to: null, whole: cell([], 9, 0.5), cells, margins }],
})

describe('the address of the desk', () => {
  it('is read and written back, and shows something whatever it says', () => {
    const queries: LocationQuery[] = [
      {},
      { by: 'office,year', measure: 'refusal_rate', q: '餐饮', year: ['2015..2019'] },
      { compare_from: '2018-01-01', compare_to: '2018-12-31' },
    ]
    for (const query of queries) expect(writeDesk(readDesk(query))).toEqual(query)
    const odd = readDesk({ by: 'name,year,year', measure: 'salary', compare_from: '2019-02-30' })
    expect([odd.by, odd.measure, odd.compareFrom]).toEqual([['year'], 'cases', ''])
    expect(readDesk({ by: 'year,month,office' }).by).toEqual(['year', 'month'])
  })

  it('asks for every figure by one dimension, for the chosen one by two or of two periods', () => {
    expect(statsParameters(readDesk({})).measures).toBe('all')
    expect(statsParameters(readDesk({ by: 'office,year', measure: 'median_days' })).measures).toBe('cases,median_days')
    expect(statsParameters(readDesk({ compare_from: '2018-01-01' })).measures).toBe('cases')
    expect(statsParameters(readDesk({ page: '3', size: '50' }))).not.toHaveProperty('page')
  })
})

describe('figures', () => {
  it('stand beside each other by one dimension, each with its cases', () => {
    const answer = response([dimension('year', [value('2018'), value('2019'), value(null)])], [cell(['2018'], 4, 0), cell(['2019'], 4, 1), cell([null], 1)])
    const table = figures(answer, readDesk({}), words)
    expect(table.columns.map((column) => column.key)).toEqual(['cases', 'refusal_rate'])
    expect(table.rows.map((row) => [row.label, ...row.places.map((place) => place?.value)])).toEqual([['2018', 4, 0], ['2019', 4, 1], ['（无）', 1, null]])
    expect(table.rows[2]!.places[0]!.query).toBe('at=')
    expect(table.total[0]!.value).toBe(9)
    const plot = plotOf(table, ['year'], 'cases', false)
    expect(plot).toMatchObject({ kind: 'columns', labels: ['2018', '2019', '（无）'], series: [{ values: [4, 4, 1] }] })
  })

  it('leave room for years without cases', () => {
    const years = [value('2018'), value('2021'), value(null)]
    const answer = response([dimension('year', years)], [cell(['2018'], 4, 0), cell(['2021'], 4, 1), cell([null], 1)])
    const table = figures(answer, readDesk({}), words)
    const labels = ['2018', '2019', '2020', '2021', '（无）']
    expect(plotOf(table, ['year'], 'cases', false)).toMatchObject({ labels, series: [{ values: [4, 0, 0, 4, 1] }] })
    expect(plotOf(table, ['year'], 'refusal_rate', false)).toMatchObject({ kind: 'lines', labels, series: [{ values: [0, null, null, 1, null] }] })
  })

  it('of two dimensions have sums of their own', () => {
    const answer = response(
      [dimension('agency', [value('甲'), value('乙')]), dimension('year', [value('2018'), value('2019')])],
      [cell(['甲', '2018'], 3, 0.1), cell(['乙', '2019'], 6, 0.2)],
      [[cell(['甲'], 3, 0.1), cell(['乙'], 6, 0.2)], [cell(['2018'], 3, 0.1), cell(['2019'], 6, 0.2)]],
    )
    const state: DeskState = readDesk({ by: 'agency,year', measure: 'refusal_rate' })
    const table = figures(answer, state, words)
    expect(table.rows.map((row) => row.places.map((place) => place?.value))).toEqual([[0.1, undefined, 0.1], [undefined, 0.2, 0.2]])
    expect(table.total.map((place) => place?.value)).toEqual([0.1, 0.2, 0.5])
    expect(plotOf(table, state.by, state.measure, false)).toMatchObject({ kind: 'heat', rows: ['甲', '乙'], columns: ['2018', '2019'], cells: [[0, 0, 0.1], [1, 1, 0.2]] })
  })

  it('of two periods stand beside each other', () => {
    const answer = response([dimension('outcome', [value('granted', '准予')])], [cell(['granted'], 4)])
    answer.periods.push({ from: '2018-01-01', to: null, whole: cell([], 2), cells: [cell(['granted'], 2)], margins: [] })
    const table = figures(answer, readDesk({ by: 'outcome', compare_from: '2018-01-01' }), words)
    expect(table.columns.map((column) => column.label)).toEqual(['时期0', '时期1'])
    expect(table.rows[0]!.places.map((place) => place?.value)).toEqual([4, 2])
  })

  it('are never rounded to all or nothing', () => {
    expect(figureText(0.99999, 'share', 'zh')).toBe('99.9%')
    expect(figureText(0.00001, 'share', 'zh')).toBe('0.1%')
    expect(figureText(1, 'share', 'zh')).toBe('100.0%')
    expect(figureText(null, 'share', 'zh')).toBe('–')
    expect(figureText(12_345, 'cases', 'zh')).toBe('12,345')
    expect(figureText(7.5, 'working_days', 'en')).toBe('7.5')
  })
})
