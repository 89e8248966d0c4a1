//! Decoding of files that are made here by code.

mod pdf;
mod raster;
mod tiff;

use std::fs;

use image::{GrayImage, Luma};

use super::{DecodedPage, Failure, PageImage, ScanFile};

/// Writes the bytes to a file and opens it.
fn open(bytes: &[u8]) -> Result<ScanFile, Failure> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("scan");
    fs::write(&path, bytes).unwrap();
    let file = ScanFile::open(&path)?;
    // Kept until the test program ends: a TIFF opens its file again for each page.
    std::mem::forget(folder);
    Ok(file)
}

fn page(bytes: &[u8], number: u32) -> DecodedPage {
    open(bytes).unwrap().page(number).unwrap()
}

/// Black in the upper left quarter, white elsewhere: shows turns, mirrors and exchanged colours.
fn corner(width: u32, height: u32) -> GrayImage {
    GrayImage::from_fn(width, height, |x, y| {
        let black = x < width / 2 && y < height / 2;
        Luma([if black { 0 } else { 255 }])
    })
}

/// Which quarters of a page are dark, from the upper left one row by row.
fn dark_quarters(image: &PageImage) -> [bool; 4] {
    let (width, height) = (image.width(), image.height());
    [(1, 1), (3, 1), (1, 3), (3, 3)].map(|(x, y)| {
        let (x, y) = (width * x / 4, height * y / 4);
        match image {
            PageImage::Gray(image) => image.get_pixel(x, y).0[0] < 128,
            PageImage::Rgb(image) => image.get_pixel(x, y).0.iter().all(|v| *v < 128),
        }
    })
}

const UPPER_LEFT: [bool; 4] = [true, false, false, false];
const UPPER_RIGHT: [bool; 4] = [false, true, false, false];
const LOWER_RIGHT: [bool; 4] = [false, false, false, true];
