import { ApiError } from '../api/error'

/** What is said about something that went wrong: the server's own words where it has any. */
export function errorWords(error: unknown, translate: (key: string) => string): string {
  if (!(error instanceof ApiError)) return translate('error.unknown')
  if (error.kind === 'unreachable') return translate('error.unreachable')
  if (error.code === 'not_signed_in') return translate('error.unauthorised')
  return error.detail || translate('error.unknown')
}
