// The tour of the first visit: whether this browser has shown it, and which step is open.

import { ref } from 'vue'
import { recall, remember } from '../shared/store'

/** What each step points at on the first page. */
export const STEPS = [
  { name: 'search', target: '.start [role="combobox"]' },
  { name: 'examples', target: '.examples' },
  { name: 'results', target: '.app-header nav a' },
  { name: 'help', target: '.app-header nav a[href^="/help"]' },
] as const

const isTrue = (value: unknown): value is boolean => value === true

/** The open step; `undefined` when the tour is over. */
export const step = ref<number | undefined>(recall('tour', isTrue, false) ? undefined : 0)

export function endTour(): void {
  step.value = undefined
  remember('tour', true)
}

export function showTourAgain(): void {
  step.value = 0
}
