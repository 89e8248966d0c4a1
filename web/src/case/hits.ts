// Going through the hits of a case, page after page.

/** The hit `mark` on the page with index `page`. */
export interface HitPlace {
  page: number
  mark: number
}

/**
 * The next hit (`by` = 1) or the one before (-1), going round at the ends. `marksOf` tells how many hits a page has and may
 * have to ask for it. `undefined` when there is none at all.
 */
export async function step(
  from: HitPlace,
  by: 1 | -1,
  pages: number,
  marksOf: (page: number) => Promise<number>,
): Promise<HitPlace | undefined> {
  if (pages === 0) return undefined
  const here = await marksOf(from.page)
  const mark = from.mark + by
  if (mark >= 0 && mark < here) return { page: from.page, mark }
  for (let turn = 1; turn <= pages; turn += 1) {
    const page = (((from.page + by * turn) % pages) + pages) % pages
    const count = await marksOf(page)
    if (count > 0) return { page, mark: by > 0 ? 0 : count - 1 }
  }
  return undefined
}

/** Which of all hits the one at `place` is, from 1, by the hits of each page. */
export function ordinal(place: HitPlace, counts: readonly number[]): number {
  return counts.slice(0, place.page).reduce((sum, count) => sum + count, 0) + place.mark + 1
}
