// Something that changes the server: one at a time, and what went wrong is said.

import { ref, type Ref } from 'vue'
import { errorText } from '../app/error-text'

export interface Act {
  busy: Ref<boolean>
  /** What went wrong with the last one. */
  fault: Ref<string>
  /** Does it; resolves to whether it was done. */
  act: (work: () => Promise<void>) => Promise<boolean>
}

export function useAct(): Act {
  const busy = ref(false)
  const fault = ref('')
  async function act(work: () => Promise<void>): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    fault.value = ''
    try {
      await work()
      return true
    } catch (error) {
      fault.value = errorText(error)
      return false
    } finally {
      busy.value = false
    }
  }
  return { busy, fault, act }
}

/** The lines of a text that say something. */
export function lines(text: string): string[] {
  return text.split('\n').map((line) => line.trim()).filter(Boolean)
}
