//! Every limit of the decoders, checked before work starts.

/// Largest file that is read, in bytes.
pub const MAX_FILE_BYTES: u64 = 1 << 30;

/// Most pages in one file.
pub const MAX_PAGES: u32 = 20_000;

/// Most pixels of one page: an A3 page at 600 dpi has 70 megapixels, an A4 page 35.
pub const MAX_PIXELS: u64 = 80_000_000;

/// Longest side of a page in pixels.
pub const MAX_SIDE: u32 = 30_000;

/// Longest side of a PDF page in points (14,400 is the limit of the format up to PDF 1.5; 1.6 scales it by user units).
pub const MAX_PAGE_POINTS: f32 = 14_400.0;

/// Most pixels that a PDF page is rendered to.
pub const MAX_RENDERED_PIXELS: u64 = 60_000_000;

/// Resolutions at which scanned PDF pages are rendered (DA/T 31-2017 asks for 200 dpi and more).
pub const RENDER_DPI: std::ops::RangeInclusive<f32> = 200.0..=600.0;

/// Resolution for a PDF page without a picture whose text has to be recognised.
pub const VECTOR_DPI: f32 = 300.0;

/// Resolution for the reading image of a born-digital page.
pub const TEXT_LAYER_DPI: f32 = 200.0;

/// Deepest page tree of a PDF.
pub const MAX_TREE_DEPTH: usize = 64;

/// Most glyphs taken from the text layer of one page.
pub const MAX_GLYPHS: usize = 200_000;

/// Longest coded picture of one page that is handed to the parent: an uncompressible page of [`MAX_PIXELS`] in colour.
pub const MAX_PICTURE_BYTES: usize = 256 << 20;
