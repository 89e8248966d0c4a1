//! Reading line by line: one piece finds the lines of a page, another reads each of them.

use image::GrayImage;
use juanzong::record::PixelBox;

use super::{RawLine, RecogniseError};
use crate::prepare::Transform;

/// Which way the lines of a page run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From left to right or from right to left.
    Across,
    /// Down or up: the page lies on its side (or its text is vertical).
    Down,
}

/// The lines of a page as found, not yet read.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundLines {
    /// Their boxes in pixels of the straight canvas, from top to bottom.
    pub boxes: Vec<PixelBox>,
    /// Skew of the page in degrees, positive clockwise.
    pub skew: f32,
    /// From the straight canvas to the page.
    pub to_page: Transform,
    /// Width and height of the straight canvas.
    pub canvas: (u32, u32),
    /// Which way most of the text runs.
    pub direction: Direction,
}

impl FoundLines {
    /// A page without lines.
    pub fn none(page: (u32, u32)) -> Self {
        Self {
            boxes: Vec::new(),
            skew: 0.0,
            to_page: Transform::IDENTITY,
            canvas: page,
            direction: Direction::Across,
        }
    }
}

/// A line to be read.
#[derive(Clone, Copy, Debug)]
pub struct LineRequest<'p> {
    /// The page at its own resolution, dark text on light paper.
    pub page: &'p GrayImage,
    /// From the straight canvas to `page`.
    pub to_page: Transform,
    /// The box of the line on the straight canvas.
    pub area: PixelBox,
}

/// Finds the lines of a page.
pub trait LineDetector {
    /// The lines of a page that may be skewed, but is not checked for lying on its side or head.
    fn find_lines(&mut self, page: &GrayImage) -> Result<FoundLines, RecogniseError>;
}

/// Reads single lines.
pub trait LineReader {
    /// Name and version, as it is kept with the text.
    fn name(&self) -> String;

    /// The characters of a line with boxes on the straight canvas; `None` when nothing that can be believed stands there.
    fn read_line(&mut self, line: &LineRequest<'_>) -> Result<Option<RawLine>, RecogniseError>;
}
