// A list that comes in pieces: the first at once, the others when they are wanted.

import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import type { ApiError } from '../api/error'
import { useRequest } from './use-request'

/** A piece of a list, and where the next begins; `undefined` at the end. */
export interface Piece<T, C> {
  items: readonly T[]
  next: C | undefined
}

export interface More<T, C> {
  /** What has come so far. */
  items: ShallowRef<readonly T[]>
  /** Where the next piece begins. */
  next: ShallowRef<C | undefined>
  error: ShallowRef<ApiError | undefined>
  loading: Ref<boolean>
  /** Whether the first piece has come. */
  loaded: Ref<boolean>
  /** Asks for the next piece, or for the one that failed. */
  more: () => Promise<void>
  /** Begins anew. */
  restart: () => Promise<void>
}

/** A list of which `ask` gets the piece that begins somewhere; `undefined` is the beginning. */
export function useMore<T, C>(ask: (signal: AbortSignal, from: C | undefined) => Promise<Piece<T, C>>): More<T, C> {
  const items = shallowRef<readonly T[]>([])
  const next = shallowRef<C>()
  const loaded = ref(false)
  const { data, error, loading, run } = useRequest(ask)

  async function load(from: C | undefined): Promise<void> {
    if (!(await run(from)) || !data.value) return
    items.value = from === undefined ? data.value.items : [...items.value, ...data.value.items]
    next.value = data.value.next
    loaded.value = true
  }
  const more = () => load(loaded.value ? next.value : undefined)
  const restart = () => {
    loaded.value = false
    return load(undefined)
  }
  return { items, next, error, loading, loaded, more, restart }
}
