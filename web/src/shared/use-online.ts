import { onScopeDispose, ref, type Ref } from 'vue'

/** Whether the browser has a network; `act` runs when it comes back. */
export function useOnline(act?: () => void): Ref<boolean> {
  const online = ref(navigator.onLine)
  const comes = () => {
    online.value = true
    act?.()
  }
  const goes = () => {
    online.value = false
  }
  window.addEventListener('online', comes)
  window.addEventListener('offline', goes)
  onScopeDispose(() => {
    window.removeEventListener('online', comes)
    window.removeEventListener('offline', goes)
  })
  return online
}
