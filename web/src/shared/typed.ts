// What people type from paper: numbers and codes, checked before they are sent, for a slip of the hand uses up one of the
// few tries that a code has. The rules are those of the server (`record/id_number.rs`, `record/credit_code.rs`,
// `access/readable_code.rs`).

const CODE_LETTERS = '23456789ABCDEFGHJKMNPQRSTUVWXYZ'
const CODE_LENGTH = 12
const CREDIT_LETTERS = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const CREDIT_WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
const ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const ID_CHECKS = '10X98765432'

/** Without blanks and dashes, in narrow capital letters. */
function compact(typed: string): string {
  const narrow = typed.replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
  return narrow.replace(/[\s\u2010-\u2015-]/g, '').toUpperCase()
}

/** The letters of a code; `undefined` when it cannot be one: its last letter makes the weighted sum a multiple of 31. */
export function readCode(typed: string): string | undefined {
  const code = compact(typed)
  const values = [...code].map((letter) => CODE_LETTERS.indexOf(letter))
  if (values.length !== CODE_LENGTH || values.includes(-1)) return undefined
  const sum = values.reduce((total, value, at) => total + value * (at + 1), 0)
  return sum % CODE_LETTERS.length === 0 ? code : undefined
}

/** A code in groups of four, as it is printed. */
export function printedCode(code: string): string {
  return code.match(/.{1,4}/g)?.join('-') ?? ''
}

function isIdNumber(number: string): boolean {
  if (!/^\d{17}[\dX]$/.test(number)) return false
  const sum = ID_WEIGHTS.reduce((total, weight, at) => total + weight * Number(number[at]), 0)
  return ID_CHECKS[sum % 11] === number[17]
}

function isCreditCode(number: string): boolean {
  if (number.length !== 18) return false
  const values = [...number].map((letter) => CREDIT_LETTERS.indexOf(letter))
  if (values.includes(-1)) return false
  const sum = CREDIT_WEIGHTS.reduce((total, weight, at) => total + weight * values[at]!, 0)
  return (31 - (sum % 31)) % 31 === values[17]
}

/** An identity number (GB 11643) or credit code (GB 32100) with a right check character; else `undefined`. */
export function readNumber(typed: string): string | undefined {
  const number = compact(typed)
  return isIdNumber(number) || isCreditCode(number) ? number : undefined
}
