// Searches that this browser remembers: the recent ones and those saved by their user.

import { ref } from 'vue'
import { isTexts, recall, remember } from '../shared/store'

const RECENT = 8

/** The list with `entry` at its head, without a second copy, at most `most` long. */
export function put(list: readonly string[], entry: string, most: number): string[] {
  return [entry, ...list.filter((other) => other !== entry)].slice(0, most)
}

/** Words that were searched for, the latest first. */
export const recent = ref(recall('recent', isTexts, []))
/** Whole searches, as the query part of an address. */
export const saved = ref(recall('saved', isTexts, []))

export function noteSearch(q: string): void {
  const words = q.trim()
  if (!words) return
  recent.value = put(recent.value, words, RECENT)
  remember('recent', recent.value)
}

export function forgetSearches(): void {
  recent.value = []
  remember('recent', undefined)
}

export function toggleSaved(search: string): void {
  const kept = saved.value.includes(search)
  saved.value = kept ? saved.value.filter((other) => other !== search) : put(saved.value, search, 50)
  remember('saved', saved.value)
}
