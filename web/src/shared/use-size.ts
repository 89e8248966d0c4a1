import { onScopeDispose, reactive, watch, type Ref } from 'vue'
import type { Size } from './boxes'

/** The inner size of an element, kept up to date. */
export function useSize(element: Ref<HTMLElement | undefined>): Size {
  const size = reactive<Size>({ width: 0, height: 0 })
  const observer = new ResizeObserver((entries) => {
    const box = entries[entries.length - 1]?.contentRect
    if (box) Object.assign(size, { width: box.width, height: box.height })
  })
  watch(element, (now, before) => {
    if (before) observer.unobserve(before)
    if (now) observer.observe(now)
  }, { immediate: true, flush: 'post' })
  onScopeDispose(() => observer.disconnect())
  return size
}
