import { ApiError } from '../api/error'
import { i18n } from '../i18n'

/** What is said about something that went wrong: the server's own words where it has any. */
export function errorText(error: unknown): string {
  const { t } = i18n.global
  if (!(error instanceof ApiError)) return t('error.unknown')
  if (error.kind === 'unreachable') return t('error.unreachable')
  if (error.code === 'not_signed_in') return t('error.unauthorised')
  return error.detail || t('error.unknown')
}
