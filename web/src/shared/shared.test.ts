import { describe, expect, test } from 'vitest'
import { boxOf, crop, fitScale, place, shareInside, turned, turnedSize, type Box, type Turn } from './boxes'
import { bytes, civilDate, count, isCivilDate, percent, today } from './dates'
import { pairs, segments } from './marks'

describe('marks', () => {
  const words = (text: string, marks: [number, number][]) => segments(text, marks).map(({ text: piece, mark }) => (mark < 0 ? piece : `[${piece}]`)).join('')
  test('are cut out by characters, not by units', () => {
    expect(words('𠮷野家餐饮', [[1, 3]])).toBe('𠮷[野家]餐饮')
  })
  test('may touch, overlap, come in any order or reach too far', () => {
    expect(words('abcdef', [[4, 9], [0, 2], [1, 3]])).toBe('[ab][c]d[ef]')
    expect(words('abc', [[2, 2], [5, 7]])).toBe('abc')
    expect(words('', [[0, 1]])).toBe('')
  })
  test('never lose or double a character', () => {
    for (let from = 0; from < 6; from += 1) {
      for (let to = 0; to < 8; to += 1) {
        expect(segments('甲乙丙丁戊', [[from, to], [1, 3]]).map((piece) => piece.text).join('')).toBe('甲乙丙丁戊')
      }
    }
  })
  test('of the API that are no pairs are left out', () => {
    expect(pairs([[1, 2], [3], []])).toEqual([[1, 2]])
  })
})

describe('boxes', () => {
  const page = { width: 2480, height: 3508 }
  const box: Box = [100, 200, 400, 260]
  test('of the API', () => {
    expect(boxOf([1, 2, 3, 4])).toEqual([1, 2, 3, 4])
    for (const none of [null, undefined, [], [1, 2, 3], [3, 2, 3, 4]]) expect(boxOf(none)).toBeUndefined()
  })
  test('scale with the page', () => {
    expect(place(box, page, 0, 0.5)).toEqual([50, 100, 200, 130])
  })
  test('turn with the page: four quarters are none, each stays on the page and keeps its area', () => {
    const turns: Turn[] = [0, 90, 180, 270]
    for (const turn of turns) {
      const [x0, y0, x1, y1] = place(box, page, turn, 1)
      const paper = turnedSize(page, turn)
      expect((x1 - x0) * (y1 - y0)).toBe(300 * 60)
      expect(x0 >= 0 && y0 >= 0 && x1 <= paper.width && y1 <= paper.height).toBe(true)
    }
    // The left upper corner of the page comes to the right after a quarter clockwise.
    expect(place([0, 0, 10, 20], page, 90, 1)).toEqual([3488, 0, 3508, 10])
    let now: Box = box
    let paper = page
    for (let n = 0; n < 4; n += 1) {
      now = place(now, paper, 90, 1)
      paper = turnedSize(paper, 90)
    }
    expect(now).toEqual(box)
    expect(turned(turned(0, -1), 1)).toBe(0)
  })
  test('fit the frame', () => {
    expect(fitScale(page, { width: 1240, height: 500 }, 'width', 1)).toBe(0.5)
    expect(fitScale(page, { width: 1240, height: 877 }, 'page', 2)).toBe(0.5)
    expect(fitScale({ width: 0, height: 0 }, page, 'width', 1)).toBe(0)
  })
  test('are surrounded by their cut-out, which stays on the page and in the frame', () => {
    for (const one of [box, [0, 0, 30, 20], [2400, 3450, 2480, 3508], [0, 1000, 2480, 1100], [900, 0, 960, 3508]] as Box[]) {
      const cut = crop(one, page, { width: 600, height: 180 })
      expect(cut.width).toBeLessThanOrEqual(600.001)
      expect(cut.height).toBeLessThanOrEqual(180.001)
      expect(cut.x).toBeGreaterThanOrEqual(0)
      expect(cut.y).toBeGreaterThanOrEqual(0)
      expect(cut.x + cut.width / cut.scale).toBeLessThanOrEqual(page.width + 0.001)
      expect(cut.y + cut.height / cut.scale).toBeLessThanOrEqual(page.height + 0.001)
      const [x0, y0, x1, y1] = one
      expect(cut.x <= x0 && cut.y <= y0 && cut.x + cut.width / cut.scale >= x1 - 0.001 && cut.y + cut.height / cut.scale >= y1 - 0.001).toBe(true)
    }
  })
  test('share their area', () => {
    expect(shareInside([0, 0, 10, 10], [5, 0, 20, 10])).toBe(0.5)
    expect(shareInside([0, 0, 10, 10], [20, 0, 30, 10])).toBe(0)
  })
})

describe('dates and numbers', () => {
  test('are dates of the calendar', () => {
    for (const good of ['2019-05-07', '2020-02-29', '0099-01-01']) expect(isCivilDate(good), good).toBe(true)
    for (const bad of ['2019-02-29', '2019-13-01', '2019-5-7', '', '2019-05-07T00:00', '二〇一九']) expect(isCivilDate(bad), bad).toBe(false)
  })
  test('are written as people write them; what is no date stays as it is', () => {
    expect(civilDate('2019-05-07', 'zh')).toBe('2019年5月7日')
    expect(civilDate('2019-05-07', 'en')).toBe('7 May 2019')
    expect([civilDate('2019-02-30', 'zh'), civilDate(null, 'zh')]).toEqual(['2019-02-30', ''])
  })
  test('are never surer than they are', () => {
    expect([percent(0.996, 'zh'), percent(1, 'zh'), percent(0.934, 'en')]).toEqual(['99%', '100%', '93%'])
    expect(count(1234567, 'zh')).toBe('1,234,567')
  })
  test('sizes have few digits', () => {
    expect([0, 999, 1000, 123_456_789, 2e15].map((size) => bytes(size, 'en'))).toEqual(['0 byte', '999 byte', '1 kB', '123.5 MB', '2,000 TB'])
  })
  test('today is the day of the reader', () => {
    expect(today(new Date(2026, 0, 5, 23, 59))).toBe('2026-01-05')
  })
})
