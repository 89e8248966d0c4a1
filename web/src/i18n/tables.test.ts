import { describe, expect, test } from 'vitest'
import citizenEn from '../citizen/i18n/en'
import citizenZh from '../citizen/i18n/zh'
import en from './en'
import zh from './zh'

const TABLES: [string, object, object][] = [
  ['staff', zh, en],
  ['citizens', citizenZh, citizenEn],
]

function keys(table: object, before = ''): string[] {
  return Object.entries(table).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null ? keys(value, `${before}${key}.`) : [`${before}${key}`],
  )
}

function texts(table: object): [string, string][] {
  return Object.entries(table).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null
      ? texts(value).map(([name, text]): [string, string] => [`${key}.${name}`, text])
      : [[key, String(value)] as [string, string]],
  )
}

const names = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort()

describe.each(TABLES)('the tables of texts: %s', (_, zh, en) => {
  test('have the same keys', () => {
    expect(keys(en)).toEqual(keys(zh))
  })
  test('put the same values into a text', () => {
    const english = new Map(texts(en))
    for (const [key, text] of texts(zh)) expect(names(english.get(key) ?? ''), key).toEqual(names(text))
  })
  test('have no empty text and none with the syntax of plurals or links', () => {
    for (const table of [zh, en]) {
      for (const [key, text] of texts(table)) {
        expect(text.trim(), key).not.toBe('')
        expect(text, key).not.toMatch(/[|@]/)
      }
    }
  })
})
