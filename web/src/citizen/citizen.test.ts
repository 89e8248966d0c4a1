import { describe, expect, test } from 'vitest'
import type { AccessAnswer, OwnSummary } from './api'
import { canHash, grouped, sha256 } from './hash'
import { printedCode, readCode, readNumber } from '../shared/typed'
import { numbersOf, visits } from '../shared/visits'
import { byYear, tone } from './years'

const LETTERS = '23456789ABCDEFGHJKMNPQRSTUVWXYZ'

/** A code with the check letter that the server would give it. */
function code(rest: string): string {
  const sum = [...rest].reduce((total, letter, at) => total + LETTERS.indexOf(letter) * (at + 1), 0)
  const check = Array.from(LETTERS, (_, value) => value).find((value) => (sum + value * 12) % 31 === 0)!
  return rest + LETTERS[check]
}

describe('codes', () => {
  const good = code('7K3MPX9QRTB')
  test('are read as people type them', () => {
    const printed = printedCode(good)
    expect(printed).toMatch(/^....-....-....$/)
    const wide = [...good].map((letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0)).join('')
    for (const typed of [good, printed, printed.toLowerCase(), ` ${printed.replaceAll('-', ' ')}\n`, printed.replaceAll('-', '—'), wide]) {
      expect(readCode(typed), typed).toBe(good)
    }
  })
  test('with a wrong letter or two that changed places are found', () => {
    for (let at = 0; at < 12; at += 1) {
      for (const letter of LETTERS) {
        const wrong = good.slice(0, at) + letter + good.slice(at + 1)
        expect(readCode(wrong), wrong).toBe(wrong === good ? good : undefined)
      }
      for (let other = at + 1; other < 12; other += 1) {
        const letters = [...good]
        ;[letters[at], letters[other]] = [letters[other]!, letters[at]!]
        const swapped = letters.join('')
        expect(readCode(swapped), swapped).toBe(swapped === good ? good : undefined)
      }
    }
    for (const none of ['', '-', good.slice(1), `${good}2`, '0000-0000-0000', '赵小满']) expect(readCode(none), none).toBeUndefined()
  })
})

describe('numbers', () => {
  test('are known by their check character', () => {
    // The examples of GB 11643-1999 and GB 32100-2015.
    for (const number of ['11010519491231002X', '440524188001010014', '91350100M000100Y43']) expect(readNumber(number), number).toBe(number)
    expect(readNumber(' 110105 19491231 002x ')).toBe('11010519491231002X')
    expect(readNumber('９１３５０１００Ｍ０００１００Ｙ４３')).toBe('91350100M000100Y43')
    for (const wrong of ['110105194912310021', '91350100M000100Y44', '91350100I000100Y43', '11010519491231002', '', '赵小满']) {
      expect(readNumber(wrong), wrong).toBeUndefined()
    }
  })
})

describe('the own cases', () => {
  const own = (decided: string | null, applied: string | null, matter: string) =>
    ({
      matter,
      stages: [
        { stage: 'application', label: '', date: applied, documents: [] },
        { stage: 'decision', label: '', date: decided, documents: [] },
      ],
    }) as unknown as OwnSummary
  test('stand in groups of years, in the order they came in', () => {
    const cases = [own('2021-03-01', '2020-12-30', 'a'), own(null, '2021-01-02', 'b'), own('2019-05-07', null, 'c'), own(null, null, 'd')]
    const groups = byYear(cases).map(({ year, cases }) => [year, cases.map(({ matter }) => matter).join('')])
    expect(groups).toEqual([['2021', 'ab'], ['2019', 'c'], [undefined, 'd']])
    expect(byYear([])).toEqual([])
  })
  test('end well, badly or neither', () => {
    expect(['granted', 'renewed', 'refused', 'revoked', 'withdrawn', 'unknown', null].map(tone)).toEqual(['good', 'good', 'bad', 'bad', 'plain', 'plain', 'plain'])
  })
})

describe('who looked', () => {
  const entry = (number: number, at: string, action: string, more: Partial<AccessAnswer> = {}): AccessAnswer => ({
    number, at, case_id: 'c1', who: '工作人员', role: 'staff', agencies: [], action, action_label: action, purpose: null, ...more,
  })
  test('is told by visits, whose numbers hold those of the entries', () => {
    const found = visits([
      entry(9, '2026-03-02T04:05:00Z', '查看图像'),
      entry(8, '2026-03-02T04:04:00Z', '查看页面'),
      entry(5, '2026-03-02T04:03:00Z', '查看图像'),
      entry(4, '2026-03-02T04:02:00Z', '查看案卷', { purpose: '复核' }),
      entry(3, '2026-02-20T04:02:00Z', '查看案卷', { purpose: '复核' }),
      entry(2, '2026-02-20T04:01:00Z', '查看案卷', { purpose: '复核', case_id: 'c2' }),
      entry(1, '2026-02-20T04:00:00Z', '查看案卷', { purpose: '复核', case_id: 'c2', who: '审计人员' }),
    ])
    expect(found.map(numbersOf)).toEqual(['5–9', '4', '3', '2', '1'])
    expect(found[0]).toMatchObject({ latest: '2026-03-02T04:05:00Z', first: '2026-03-02T04:03:00Z', actions: ['查看图像', '查看页面'] })
  })
})

test('hashes are those of everybody else', async () => {
  expect(canHash()).toBe(true)
  expect(await sha256(new Blob(['abc']))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  expect(grouped('ba7816bf8f01cfea')).toBe('ba7816bf 8f01cfea')
})
