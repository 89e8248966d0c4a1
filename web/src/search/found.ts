/** Where what was typed stands in a suggestion, in characters; nothing for pinyin and the like. */
export function found(text: string, typed: string): [number, number][] {
  const bare = Array.from(typed.replace(/["“”]/g, '').toLowerCase())
  const characters = Array.from(text.toLowerCase())
  if (bare.length === 0) return []
  const at = characters.findIndex((_, index) => bare.every((character, offset) => characters[index + offset] === character))
  return at < 0 ? [] : [[at, at + bare.length]]
}
