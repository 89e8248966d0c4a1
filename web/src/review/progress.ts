// How many doubts were settled today, in this browser.

import { ref } from 'vue'
import { today } from '../shared/dates'
import { recall, remember } from '../shared/store'

interface Day {
  date: string
  done: number
}
const isDay = (value: unknown): value is Day =>
  typeof value === 'object' && value !== null && typeof (value as Day).date === 'string' && Number.isInteger((value as Day).done)

/** The day after `by` more (or fewer) were done; another date begins at nothing. */
export function counted(day: Day, date: string, by: number): Day {
  return { date, done: Math.max(0, (day.date === date ? day.done : 0) + by) }
}

const day = ref(recall<Day>('review-day', isDay, { date: today(), done: 0 }))
day.value = counted(day.value, today(), 0)

export function useProgress() {
  const add = (by: number) => {
    day.value = counted(day.value, today(), by)
    remember('review-day', day.value)
  }
  return { day, add }
}
