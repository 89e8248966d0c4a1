// Who looks at the own files. The cookie is out of reach of scripts; the server says whose it is.

import { computed, ref, shallowRef } from 'vue'
import { answer, api, done, whenUnauthorised } from '../api/client'
import { ApiError } from '../api/error'
import type { CitizenAnswer } from './api'

/** Without a request for so long the server ends a session; the page is hidden at the same time. */
const IDLE_TIME = 15 * 60 * 1000

/** `undefined`: not asked yet; `null`: nobody. */
const current = shallowRef<CitizenAnswer | null>()
/** Why the session ended while the page was open: the server says so, or nobody did anything. */
export const ended = ref<'over' | 'idle'>()

export const session = computed(() => current.value ?? undefined)
/** Whether the own files may be shown. */
export const signedIn = computed(() => session.value !== undefined && ended.value === undefined)

let timer: ReturnType<typeof setTimeout> | undefined

function watchTheClock(): void {
  clearTimeout(timer)
  timer = setTimeout(() => {
    if (!signedIn.value) return
    ended.value = 'idle'
    // It may have lived on by an image that the browser fetched by itself.
    void end().catch(() => undefined)
  }, IDLE_TIME)
}

api.use({
  onResponse({ request, response }) {
    if (response.ok && new URL(request.url).pathname.startsWith('/api/v1/citizen/')) watchTheClock()
  },
})

whenUnauthorised(() => {
  if (signedIn.value) ended.value = 'over'
})

/** Asks the server who is logged in, once. */
export async function known(): Promise<void> {
  if (current.value !== undefined) return
  try {
    current.value = await answer(api.GET('/api/v1/citizen/session'))
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error
    current.value = null
  }
}

/** Logs in. Whoever comes back finds the page as it was; for somebody else everything begins anew. */
export async function signIn(name: string, number: string, code: string): Promise<void> {
  const before = session.value
  const got = await answer(api.POST('/api/v1/citizen/session', { body: { name: name.trim(), number, code } }))
  if (before && (before.name !== got.name || before.number !== got.number)) {
    window.location.assign('/citizen')
    return
  }
  current.value = got
  ended.value = undefined
}

const end = () => done(api.DELETE('/api/v1/citizen/session'))

/** Logs out, and leaves nothing of the page behind. */
export async function signOut(): Promise<void> {
  await end()
  current.value = null
  window.location.replace('/citizen')
}

// A page that the browser kept and shows again may be somebody else's by now.
if (typeof window !== 'undefined') {
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) window.location.reload()
  })
}
