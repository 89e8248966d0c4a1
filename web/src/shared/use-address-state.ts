// What a page shows, as it stands in its address.

import { computed, type ComputedRef } from 'vue'
import { useRoute, useRouter, type LocationQuery, type LocationQueryRaw } from 'vue-router'

/**
 * The state of a page in the query of its address. The router takes a moment to go there: what is changed meanwhile is added
 * to where it is going, so that of two changes in quick succession neither is lost.
 */
export function useAddressState<State extends object>(
  name: string,
  read: (query: LocationQuery) => State,
  write: (state: State) => LocationQueryRaw,
): { state: ComputedRef<State>; go: (change: Partial<State>) => void } {
  const route = useRoute()
  const router = useRouter()
  const state = computed(() => read(route.query))
  let coming: State | undefined
  const go = (change: Partial<State>): void => {
    const next: State = { ...(coming ?? state.value), ...change }
    coming = next
    void router.push({ name, query: write(next) }).finally(() => {
      if (coming === next) coming = undefined
    })
  }
  return { state, go }
}
