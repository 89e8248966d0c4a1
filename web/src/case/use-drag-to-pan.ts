import { onScopeDispose, watch, type Ref } from 'vue'

/** Lets a mouse drag the content of a frame that scrolls; touch screens do so by themselves. */
export function useDragToPan(frame: Ref<HTMLElement | undefined>): void {
  let from: { x: number; y: number; left: number; top: number } | undefined
  const begin = (event: PointerEvent) => {
    const element = frame.value
    if (!element || event.pointerType !== 'mouse' || event.button !== 0) return
    // The scroll bars belong to the frame, too.
    if (event.offsetX > element.clientWidth && event.target === element) return
    from = { x: event.clientX, y: event.clientY, left: element.scrollLeft, top: element.scrollTop }
  }
  const move = (event: PointerEvent) => {
    if (!from || !frame.value) return
    frame.value.scrollLeft = from.left - (event.clientX - from.x)
    frame.value.scrollTop = from.top - (event.clientY - from.y)
  }
  const end = () => {
    from = undefined
  }
  watch(frame, (now, before) => {
    before?.removeEventListener('pointerdown', begin)
    now?.addEventListener('pointerdown', begin)
  }, { flush: 'post', immediate: true })
  window.addEventListener('pointermove', move)
  window.addEventListener('pointerup', end)
  window.addEventListener('blur', end)
  onScopeDispose(() => {
    window.removeEventListener('pointermove', move)
    window.removeEventListener('pointerup', end)
    window.removeEventListener('blur', end)
  })
}
