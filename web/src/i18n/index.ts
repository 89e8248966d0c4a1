import { createI18n } from 'vue-i18n'
import en from './en'
import { chosenLanguage, followLanguage } from './language'
import zh from './zh'

export const i18n = createI18n({ legacy: false, locale: chosenLanguage(), fallbackLocale: 'zh', messages: { zh, en } })
export const { locale, switchLanguage } = followLanguage(i18n.global.locale)
