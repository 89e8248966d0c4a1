// The language of the page: chosen once for all entries of the application, and what the server is asked to answer in.

import { computed, watchEffect, type ComputedRef, type Ref } from 'vue'
import { setApiLanguage } from '../api/client'
import type { Locale } from '../shared/dates'
import { recall, remember } from '../shared/store'

const isLocale = (value: unknown): value is Locale => value === 'zh' || value === 'en'

/** Chinese first; who wants English chooses it once. */
export const chosenLanguage = (): Locale => recall('language', isLocale, 'zh')

/** Keeps document and server to the language that `chosen` holds. */
export function followLanguage(chosen: Ref<string>): { locale: ComputedRef<Locale>; switchLanguage: () => void } {
  const locale = computed<Locale>(() => (isLocale(chosen.value) ? chosen.value : 'zh'))
  function switchLanguage(): void {
    chosen.value = locale.value === 'zh' ? 'en' : 'zh'
    remember('language', locale.value)
  }
  watchEffect(
    () => {
      setApiLanguage(locale.value === 'zh' ? 'zh-CN' : 'en')
      if (typeof document !== 'undefined') document.documentElement.lang = locale.value === 'zh' ? 'zh-CN' : 'en'
    },
    { flush: 'sync' },
  )
  return { locale, switchLanguage }
}
