// Boxes on pages: `[x0, y0, x1, y1]` in pixels of the upright page.

export type Box = readonly [number, number, number, number]
export interface Size {
  width: number
  height: number
}

/** A box of the API, or `undefined` when it is none. */
export function boxOf(numbers: readonly number[] | null | undefined): Box | undefined {
  const [x0, y0, x1, y1] = numbers ?? []
  if (x0 === undefined || y0 === undefined || x1 === undefined || y1 === undefined) return undefined
  return x1 > x0 && y1 > y0 ? [x0, y0, x1, y1] : undefined
}

/** Turns of the image as shown, clockwise in degrees. */
export type Turn = 0 | 90 | 180 | 270

/** The next turn clockwise (1) or counter-clockwise (-1). */
export function turned(turn: Turn, by: 1 | -1): Turn {
  return (((turn + by * 90 + 360) % 360) as Turn)
}

/** Size of a page after a turn. */
export function turnedSize(page: Size, turn: Turn): Size {
  return turn % 180 === 0 ? { ...page } : { width: page.height, height: page.width }
}

/** Where a box of the page lies on the page as turned and scaled. */
export function place(box: Box, page: Size, turn: Turn, scale: number): Box {
  const [x0, y0, x1, y1] = box
  const { width, height } = page
  const turnedBox: Box =
    turn === 90
      ? [height - y1, x0, height - y0, x1]
      : turn === 180
        ? [width - x1, height - y1, width - x0, height - y0]
        : turn === 270
          ? [y0, width - x1, y1, width - x0]
          : box
  const [a, b, c, d] = turnedBox
  return [a * scale, b * scale, c * scale, d * scale]
}

/** How the page is fitted into its frame. */
export type Fit = 'width' | 'page'

/** Scale at which a page of a size fits a frame, times a zoom (1 = fitted). */
export function fitScale(page: Size, frame: Size, fit: Fit, zoom: number): number {
  if (page.width <= 0 || page.height <= 0 || frame.width <= 0) return 0
  const byWidth = frame.width / page.width
  const scale = fit === 'width' || frame.height <= 0 ? byWidth : Math.min(byWidth, frame.height / page.height)
  return scale * zoom
}

/** A cut-out of a page around a box, as it is to be shown. */
export interface Crop {
  /** Scale from pixels of the page to pixels of the screen. */
  scale: number
  /** Left upper corner of the cut-out in pixels of the page. */
  x: number
  y: number
  /** Size of the cut-out on the screen. */
  width: number
  height: number
}

/**
 * The cut-out that shows a box with some surroundings in a frame that is `frame.width` wide and at most `frame.height`
 * high. It never leaves the page.
 */
export function crop(box: Box, page: Size, frame: Size): Crop {
  const [x0, y0, x1, y1] = box
  const margin = Math.max(40, (y1 - y0) * 1.2)
  // Never larger than life at 300 dpi on a dense screen: blurred letters are no help.
  const wide = Math.min(page.width, Math.max(x1 - x0 + margin * 2, frame.width))
  const scale = Math.min(frame.width / wide, frame.height / Math.min(page.height, y1 - y0 + margin * 2))
  const width = Math.min(page.width, frame.width / scale)
  const height = Math.min(page.height, y1 - y0 + margin * 2, frame.height / scale)
  const clamp = (value: number, most: number) => Math.max(0, Math.min(value, most))
  return {
    scale,
    x: clamp((x0 + x1 - width) / 2, page.width - width),
    y: clamp((y0 + y1 - height) / 2, page.height - height),
    width: width * scale,
    height: height * scale,
  }
}

/** The share of `box` that lies in `other`, 0 to 1. */
export function shareInside(box: Box, other: Box): number {
  const width = Math.min(box[2], other[2]) - Math.max(box[0], other[0])
  const height = Math.min(box[3], other[3]) - Math.max(box[1], other[1])
  const area = (box[2] - box[0]) * (box[3] - box[1])
  return width > 0 && height > 0 && area > 0 ? (width * height) / area : 0
}
