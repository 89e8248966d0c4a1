// One request at a time: a newer one ends the one before it, and leaving the page ends the last.

import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { ApiError, isAborted } from '../api/error'

export interface Request<T, A extends unknown[]> {
  /** The last answer. It stays while the next is under way. */
  data: ShallowRef<T | undefined>
  error: ShallowRef<ApiError | undefined>
  loading: Ref<boolean>
  /** Asks again. Resolves to whether an answer came and was still wanted. */
  run: (...parameters: A) => Promise<boolean>
  /** Drops what is under way, and the answer. */
  clear: () => void
}

/** Runs `ask`, of which only the last call counts. */
export function useRequest<T, A extends unknown[]>(ask: (signal: AbortSignal, ...parameters: A) => Promise<T>): Request<T, A> {
  const data = shallowRef<T>()
  const error = shallowRef<ApiError>()
  const loading = ref(false)
  let running: AbortController | undefined

  async function run(...parameters: A): Promise<boolean> {
    running?.abort()
    const mine = new AbortController()
    running = mine
    loading.value = true
    try {
      const got = await ask(mine.signal, ...parameters)
      if (running !== mine) return false
      data.value = got
      error.value = undefined
      return true
    } catch (cause) {
      if (running !== mine || isAborted(cause)) return false
      error.value = cause instanceof ApiError ? cause : new ApiError('problem')
      if (!(cause instanceof ApiError)) console.error(cause)
      return false
    } finally {
      if (running === mine) {
        running = undefined
        loading.value = false
      }
    }
  }

  function clear(): void {
    running?.abort()
    running = undefined
    loading.value = false
    data.value = undefined
    error.value = undefined
  }

  onScopeDispose(() => running?.abort())
  return { data, error, loading, run, clear }
}
