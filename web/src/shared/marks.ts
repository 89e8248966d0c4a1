// Text with marks. The API counts characters (Unicode scalar values), JavaScript counts UTF-16 units.

/** A piece of a text that is marked or not. */
export interface Segment {
  text: string
  /** Index of the mark among those given, or -1. */
  mark: number
}

/**
 * Cuts a text at its marks `[from, to)`, counted in characters.
 *
 * Marks may come in any order, reach beyond the text or overlap: they are clipped, and where two overlap the earlier one
 * keeps the characters.
 */
export function segments(text: string, marks: readonly (readonly [number, number])[]): Segment[] {
  const characters = Array.from(text)
  const order = marks.map(([from, to], mark) => ({ from, to, mark })).sort((a, b) => a.from - b.from || a.to - b.to)
  const found: Segment[] = []
  const add = (from: number, to: number, mark: number) => {
    if (to > from) found.push({ text: characters.slice(from, to).join(''), mark })
  }
  let done = 0
  for (const { from, to, mark } of order) {
    const begin = Math.max(from, done)
    const end = Math.min(to, characters.length)
    if (end <= begin) continue
    add(done, begin, -1)
    add(begin, end, mark)
    done = end
  }
  add(done, characters.length, -1)
  return found
}

/** The marks of a snippet as pairs; anything else the description allows is left out. */
export function pairs(marks: readonly (readonly number[])[]): [number, number][] {
  return marks.flatMap(([from, to]) => (from === undefined || to === undefined ? [] : [[from, to] as [number, number]]))
}
