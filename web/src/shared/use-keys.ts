// Keys that work anywhere on a page, as long as nobody is typing.

import { onMounted, onScopeDispose } from 'vue'

/** Whether keys typed there are text. */
export function takesText(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
}

/** Runs the action of a key (`KeyboardEvent.key`); not while text is typed, a dialog is open or a modifier is held. */
export function useKeys(actions: Record<string, (event: KeyboardEvent) => void>): void {
  const listen = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
    if (takesText(event.target) || document.querySelector('.el-overlay:not([style*="display: none"]) [role="dialog"]')) return
    const action = actions[event.key]
    if (!action) return
    event.preventDefault()
    action(event)
  }
  onMounted(() => window.addEventListener('keydown', listen))
  onScopeDispose(() => window.removeEventListener('keydown', listen))
}
