import { describe, expect, test } from 'vitest'
import { batches, hasLoose, inFolder, ofInput, sizeOf, sorted, type Picked } from './picked'
import { merged, shareOf } from './progress'

const picked = (path: string, size = 1): Picked => ({ path, file: new File(['x'.repeat(size)], path.split('/').pop()!) })

describe('files that were picked', () => {
  test('hidden and temporary files are left out, and one path is there once', () => {
    const paths = ['甲/1.pdf', '甲/.DS_Store', '.git/config', '~$清单.xlsx', '甲/Thumbs.db', '甲/1.pdf', '清单.csv']
    const { files, skipped } = sorted(paths.map((path) => picked(path)))
    expect(files.map(({ path }) => path)).toEqual(['甲/1.pdf', '清单.csv'])
    expect(skipped).toBe(4)
  })
  test('scans in no folder need to be told what they are, unless a manifest does', () => {
    expect(hasLoose([picked('1.pdf')])).toBe(true)
    expect(hasLoose([picked('甲/1.pdf')])).toBe(false)
    expect(hasLoose([picked('1.pdf'), picked('清单.XLSX')])).toBe(false)
    const paths = inFolder([picked('1.pdf'), picked('甲/2.pdf')], '0123-XK·2019').map(({ path }) => path)
    expect(paths).toEqual(['0123-XK·2019/1.pdf', '甲/2.pdf'])
  })
  test('a file of a folder keeps its path', () => {
    const file = new File(['x'], '1.pdf')
    Object.defineProperty(file, 'webkitRelativePath', { value: '甲/1.pdf' })
    expect(ofInput([file, new File(['y'], '2.pdf')]).map(({ path }) => path)).toEqual(['甲/1.pdf', '2.pdf'])
  })
  test('requests that name files stay small, and no file is lost', () => {
    const files = Array.from({ length: 500 }, (_, n) => picked(`${'长'.repeat(80)}/${n}.pdf`))
    const all = batches(files)
    expect(all.flat()).toEqual(files)
    for (const batch of all) expect(JSON.stringify(batch.map(({ path }) => path)).length).toBeLessThan(13_000)
    expect(batches([picked('长'.repeat(9000))])).toHaveLength(1)
    expect(sizeOf(files.slice(0, 3))).toBe(3)
  })
})

describe('progress', () => {
  const file = (number: number, state: string) => ({ number, state, path: `${number}.pdf`, bytes: 1, pages_failed: 0 })
  test('what changed takes the place of what was there', () => {
    const before = [file(1, 'waiting'), file(2, 'waiting')]
    expect(merged(before, [file(2, 'read')]).map(({ state }) => state)).toEqual(['waiting', 'read'])
    expect(merged([], before)).toEqual(before)
  })
  test('the share is that of files done with, and never all before the end', () => {
    expect(shareOf({ waiting: 2, reading: 1, read: 1, failed: 0, passed_over: 0 }, 'running')).toBe(0.25)
    expect(shareOf({ waiting: 0, reading: 0, read: 4, failed: 1, passed_over: 0 }, 'running')).toBe(0.99)
    expect(shareOf({ waiting: 0, reading: 0, read: 4, failed: 1, passed_over: 0 }, 'done')).toBe(1)
    expect(shareOf({ waiting: 0, reading: 0, read: 0, failed: 0, passed_over: 0 }, 'queued')).toBe(0)
  })
})
