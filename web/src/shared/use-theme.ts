// Light, dark, or as the system has it.

import { ref, watchEffect, type Ref } from 'vue'
import { recall, remember } from './store'

export const THEMES = ['auto', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

const isTheme = (value: unknown): value is Theme => THEMES.includes(value as Theme)
const theme = ref<Theme>(recall('theme', isTheme, 'auto'))
const systemDark = ref(false)

/** Follows the choice and the system from now on. */
export function startTheme(): void {
  const system = window.matchMedia('(prefers-color-scheme: dark)')
  systemDark.value = system.matches
  system.addEventListener('change', (event) => {
    systemDark.value = event.matches
  })
  watchEffect(() => {
    const dark = theme.value === 'dark' || (theme.value === 'auto' && systemDark.value)
    document.documentElement.classList.toggle('dark', dark)
    remember('theme', theme.value === 'auto' ? undefined : theme.value)
  })
}

export function useTheme(): Ref<Theme> {
  return theme
}
