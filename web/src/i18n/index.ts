import { createI18n } from 'vue-i18n'
import { computed, watchEffect, type ComputedRef } from 'vue'
import { setApiLanguage } from '../api/client'
import type { Locale } from '../shared/dates'
import { recall, remember } from '../shared/store'
import en from './en'
import zh from './zh'

const isLocale = (value: unknown): value is Locale => value === 'zh' || value === 'en'

/** Chinese first; who wants English chooses it once. */
export const i18n = createI18n({
  legacy: false,
  locale: recall('language', isLocale, 'zh'),
  fallbackLocale: 'zh',
  messages: { zh, en },
})

/** The language of the page. */
export const locale: ComputedRef<Locale> = computed(() => (isLocale(i18n.global.locale.value) ? i18n.global.locale.value : 'zh'))

export function switchLanguage(): void {
  i18n.global.locale.value = locale.value === 'zh' ? 'en' : 'zh'
  remember('language', locale.value)
}

watchEffect(
  () => {
    setApiLanguage(locale.value === 'zh' ? 'zh-CN' : 'en')
    if (typeof document !== 'undefined') document.documentElement.lang = locale.value === 'zh' ? 'zh-CN' : 'en'
  },
  { flush: 'sync' },
)
