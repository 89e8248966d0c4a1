// Where the image of a page comes from: an address with personal data blackened, or, for a reason, an image that is asked for
// by itself and kept no longer than it is shown.

import { onScopeDispose, ref, watch, type Ref } from 'vue'
import { imageAddress, unmaskedImage, type PagePlace } from '../api/addresses'
import { isAborted } from '../api/error'

export interface Wanted {
  caseId: string
  place: PagePlace
  /** In pixels; 0 while nothing is to be shown. */
  width: number
  /** Why personal data is shown; empty while it is masked. */
  reason: string
}

export function usePageImage(wanted: () => Wanted, failed: () => void): Ref<string> {
  const source = ref('')
  let asked = new AbortController()
  let shown = ''

  function put(address: string, kept: string): void {
    source.value = address
    if (shown) URL.revokeObjectURL(shown)
    shown = kept
  }
  async function load(now: Wanted): Promise<void> {
    asked.abort()
    if (now.width <= 0) return put('', '')
    if (!now.reason) return put(imageAddress(now.caseId, now.place, now.width), '')
    asked = new AbortController()
    const { signal } = asked
    put('', '')
    try {
      const image = await unmaskedImage(now.caseId, now.place, now.width, now.reason, signal)
      if (signal.aborted) return
      const address = URL.createObjectURL(image)
      put(address, address)
    } catch (error) {
      if (!signal.aborted && !isAborted(error)) failed()
    }
  }
  watch(wanted, (now, before) => {
    if (!before || JSON.stringify(now) !== JSON.stringify(before)) void load(now)
  }, { immediate: true })
  onScopeDispose(() => {
    asked.abort()
    put('', '')
  })
  return source
}
