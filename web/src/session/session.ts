// Who is logged in. The cookie itself is out of reach of scripts; the server says whose it is.

import { computed, ref, shallowRef } from 'vue'
import { answer, api, whenUnauthorised } from '../api/client'
import { ApiError } from '../api/error'
import type { SessionAnswer } from '../api/types'
import { remember } from '../shared/store'

/** What this browser remembers of the work of one person. */
const OF_PERSON = ['recent', 'saved', 'review-day']

/** `undefined`: not asked yet; `null`: nobody. */
const current = shallowRef<SessionAnswer | null>()
/** The session ended while somebody was working: they log in again where they are. */
export const ended = ref(false)

export const session = computed(() => current.value ?? undefined)

/** Whether the one who is logged in may do something, by the code of the right. */
export const may = (right: string): boolean => current.value?.rights.includes(right) ?? false

whenUnauthorised(() => {
  if (current.value) ended.value = true
})

/** Asks the server who is logged in, once. */
export async function known(): Promise<SessionAnswer | null> {
  if (current.value === undefined) {
    try {
      current.value = await answer(api.GET('/api/v1/session'))
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error
      current.value = null
    }
  }
  return current.value
}

/** Logs in. */
export async function signIn(name: string, password: string, purpose: string): Promise<SessionAnswer> {
  const about = purpose.trim() ? { purpose: purpose.trim() } : {}
  const got = await answer(api.POST('/api/v1/session', { body: { name: name.trim(), password, ...about } }))
  current.value = got
  ended.value = false
  return got
}

export async function changePassword(old: string, next: string): Promise<void> {
  current.value = await answer(api.POST('/api/v1/session/password', { body: { old, new: next } }))
}

/** Logs out, and leaves nothing behind on a machine that several people use: neither in memory nor on disk. */
export async function signOut(): Promise<void> {
  await api.DELETE('/api/v1/session')
  for (const name of OF_PERSON) remember(name, undefined)
  window.location.assign('/login')
}
