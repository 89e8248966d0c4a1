//! Pages with salt and pepper, and black-and-white scans: specks go, and strokes that a threshold broke come together.

use image::GrayImage;

/// A pixel that is lighter or darker than all of its neighbours by this much is a speck.
const SPECK: u8 = 56;
/// Pages with fewer specks than one in this many pixels are left alone.
const RARE: usize = 2_500;

/// Whether nearly all pixels are black or white, and some are black.
pub fn is_bilevel(image: &GrayImage) -> bool {
    let (mut between, mut dark, mut seen) = (0_usize, 0_usize, 0_usize);
    for level in image.as_raw().iter().step_by(11) {
        seen += 1;
        between += usize::from((16..240).contains(level));
        dark += usize::from(*level < 16);
    }
    between * 200 <= seen && dark > 0
}

/// Gives single pixels that stick out of their neighbours the level of the nearest one of them, and says whether the
/// page had enough of them to care.
pub fn despeckle(image: &mut GrayImage) -> bool {
    let (width, height) = (image.width() as usize, image.height() as usize);
    if width < 3 || height < 3 {
        return false;
    }
    let pixels = image.as_raw();
    let (mut specks, mut seen) = (0, 0);
    let mut fixed = vec![0_u8; width];
    for y in (1..height - 1).step_by(16) {
        let [above, row, below] = rows(pixels, width, y);
        mend(above, row, below, &mut fixed);
        specks += row.iter().zip(&fixed).filter(|(a, b)| a != b).count();
        seen += width;
    }
    if specks * RARE < seen {
        return false;
    }
    let mut result = pixels.clone();
    for (y, mended) in (1..height - 1).zip(result[width..].chunks_exact_mut(width)) {
        let [above, row, below] = rows(pixels, width, y);
        mend(above, row, below, mended);
    }
    image.copy_from_slice(&result);
    true
}

fn rows(pixels: &[u8], width: usize, y: usize) -> [&[u8]; 3] {
    [y - 1, y, y + 1].map(|y| &pixels[y * width..(y + 1) * width])
}

/// One row without its specks.
fn mend(above: &[u8], row: &[u8], below: &[u8], mended: &mut [u8]) {
    mended.copy_from_slice(row);
    let triples = above.windows(3).zip(row.windows(3)).zip(below.windows(3));
    for (((a, r), b), to) in triples.zip(&mut mended[1..]) {
        let low = a[0]
            .min(a[1])
            .min(a[2])
            .min(b[0])
            .min(b[1])
            .min(b[2])
            .min(r[0])
            .min(r[2]);
        let high = a[0]
            .max(a[1])
            .max(a[2])
            .max(b[0])
            .max(b[1])
            .max(b[2])
            .max(r[0])
            .max(r[2]);
        let floor = if low.saturating_sub(r[1]) > SPECK { low } else { 0 };
        let ceiling = if r[1].saturating_sub(high) > SPECK { high } else { 255 };
        *to = r[1].max(floor).min(ceiling);
    }
}

/// Softens the edges of a page of two colours, and says whether it was one; other pages stay as they are.
pub fn soften(image: &mut GrayImage, dpi: u32) -> bool {
    if !is_bilevel(image) || image.width() < 3 || image.height() < 3 {
        return false;
    }
    // Weights 1-2-1 or 1-6-1, both ways: as wide as the steps that the threshold left, 0.003 inches.
    let (middle, shift) = if dpi >= 250 { (2, 4) } else { (6, 6) };
    let width = image.width() as usize;
    let mut across = vec![0_u16; image.as_raw().len()];
    for (row, sums) in image.as_raw().chunks_exact(width).zip(across.chunks_exact_mut(width)) {
        for (triple, sum) in row.windows(3).zip(&mut sums[1..]) {
            *sum = u16::from(triple[0]) + middle * u16::from(triple[1]) + u16::from(triple[2]);
        }
        sums[0] = u16::from(row[0]) * (middle + 2);
        sums[width - 1] = u16::from(row[width - 1]) * (middle + 2);
    }
    let height = image.height() as usize;
    for (y, row) in image.as_mut().chunks_exact_mut(width).enumerate() {
        let line = |y: usize| &across[y * width..(y + 1) * width];
        let (above, here, below) = (line(y.saturating_sub(1)), line(y), line((y + 1).min(height - 1)));
        for (((pixel, above), here), below) in row.iter_mut().zip(above).zip(here).zip(below) {
            let sum = above + middle * here + below + (1 << (shift - 1));
            *pixel = (sum >> shift).to_le_bytes()[0];
        }
    }
    true
}
