// Files that somebody chose or dropped, before they are sent. Pure but for reading what was dropped.

/** A file and its path below the upload, with `/` between the parts. */
export interface Picked {
  path: string
  file: File
}

const MANIFEST = /\.(csv|xlsx)$/i
/** What systems and offices leave lying about; the server refuses it, too. */
const LEFT_OVER = /(^|\/)(\.|~\$|thumbs\.db$|desktop\.ini$)/i
/** Room in the body of a request that names files, in characters of JSON. */
const BATCH_CHARACTERS = 12_000

export const isManifest = (path: string): boolean => MANIFEST.test(path)

/** Files of an input; those of a folder know their path. */
export function ofInput(files: Iterable<File>): Picked[] {
  return [...files].map((file) => ({ file, path: file.webkitRelativePath || file.name }))
}

/** Parts what can be sent from what nobody means to send; of one path the last counts. */
export function sorted(files: readonly Picked[]): { files: Picked[]; skipped: number } {
  const wanted = new Map<string, Picked>()
  let skipped = 0
  for (const one of files) {
    if (LEFT_OVER.test(one.path)) skipped += 1
    else wanted.set(one.path, one)
  }
  return { files: [...wanted.values()], skipped }
}

/** Whether a scan lies in no folder and no manifest says what it is. */
export function hasLoose(files: readonly { path: string }[]): boolean {
  return !files.some(({ path }) => isManifest(path)) && files.some(({ path }) => !path.includes('/'))
}

/** The same files with those that lie in no folder in one of this name. */
export function inFolder(files: readonly Picked[], folder: string): Picked[] {
  return files.map(({ path, file }) => ({ file, path: path.includes('/') ? path : `${folder}/${path}` }))
}

export const sizeOf = (files: readonly Picked[]): number => files.reduce((sum, { file }) => sum + file.size, 0)

/** Files in groups that are named with one request each. */
export function batches(files: readonly Picked[]): Picked[][] {
  const all: Picked[][] = []
  let room = 0
  for (const one of files) {
    const needs = one.path.length * 3 + 40
    if (needs > room || all.length === 0) {
      all.push([])
      room = BATCH_CHARACTERS
    }
    room -= needs
    all[all.length - 1]!.push(one)
  }
  return all
}

function entries(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  return new Promise((resolve, reject) => reader.readEntries(resolve, reject))
}

async function walk(entry: FileSystemEntry, found: Picked[]): Promise<void> {
  const path = entry.fullPath.replace(/^\//, '')
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject))
    found.push({ path, file })
    return
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  // Browsers give a folder in pieces of a hundred.
  for (let some = await entries(reader); some.length > 0; some = await entries(reader)) {
    for (const one of some) await walk(one, found)
  }
}

/** What was dropped, folders with all that is in them. */
export async function ofDrop(transfer: DataTransfer): Promise<Picked[]> {
  // The list is emptied when the event is over.
  const roots = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null)
  if (roots.length === 0) return ofInput(transfer.files)
  const found: Picked[] = []
  for (const root of roots) await walk(root, found)
  return found
}
