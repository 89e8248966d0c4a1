import { i18n } from '../i18n'
import { errorWords } from '../shared/error-words'

/** What is said about something that went wrong: the server's own words where it has any. */
export function errorText(error: unknown): string {
  return errorWords(error, i18n.global.t)
}
