//! The resolution that a picture file states, in dots per inch.

/// Resolutions outside this range are not believed: 72 and 96 are what programs write when they know nothing.
const BELIEVED: std::ops::RangeInclusive<f64> = 100.0..=1200.0;

/// A stated resolution as a whole number of dots per inch, when it can be believed.
pub(super) fn believed(dpi: f64) -> Option<u32> {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // inside 100..=1200
    BELIEVED.contains(&dpi).then(|| dpi.round() as u32)
}

/// Resolution in the JFIF header of a JPEG file.
pub(super) fn of_jpeg(bytes: &[u8]) -> Option<u32> {
    let mut rest = bytes.get(2..)?;
    loop {
        let [0xff, marker, high, low, ..] = *rest else {
            return None;
        };
        let length = usize::from(u16::from_be_bytes([high, low]));
        let segment = rest.get(4..2 + length)?;
        if marker == 0xe0 && segment.starts_with(b"JFIF\0") {
            let &[unit, x_high, x_low, y_high, y_low] = segment.get(7..12)? else {
                return None;
            };
            let density = f64::from(u16::from_be_bytes([x_high, x_low]).max(u16::from_be_bytes([y_high, y_low])));
            return match unit {
                1 => believed(density),
                2 => believed(density * 2.54),
                _ => None,
            };
        }
        // Start of scan: no header follows.
        if marker == 0xda {
            return None;
        }
        rest = rest.get(2 + length..)?;
    }
}

/// Resolution in the pHYs chunk of a PNG file.
pub(super) fn of_png(bytes: &[u8]) -> Option<u32> {
    let mut rest = bytes.get(8..)?;
    loop {
        let length = usize::try_from(u32::from_be_bytes(rest.get(..4)?.try_into().ok()?)).ok()?;
        let kind = rest.get(4..8)?;
        let data = rest.get(8..8_usize.checked_add(length)?)?;
        match kind {
            b"pHYs" => {
                let per_metre = u32::from_be_bytes(data.get(..4)?.try_into().ok()?);
                return from_per_metre(per_metre).filter(|_| data.get(8) == Some(&1));
            }
            b"IDAT" => return None,
            _ => rest = rest.get(length.checked_add(12)?..)?,
        }
    }
}

/// Resolution in the header of a Windows bitmap.
pub(super) fn of_bmp(bytes: &[u8]) -> Option<u32> {
    let header = u32::from_le_bytes(bytes.get(14..18)?.try_into().ok()?);
    if header < 40 {
        return None;
    }
    from_per_metre(u32::from_le_bytes(bytes.get(38..42)?.try_into().ok()?))
}

fn from_per_metre(dots: u32) -> Option<u32> {
    believed(f64::from(dots) * 0.0254)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jfif_density() {
        let jpeg = |unit: u8, density: u16| {
            let mut bytes = vec![0xff, 0xd8, 0xff, 0xe0, 0, 16];
            bytes.extend_from_slice(b"JFIF\0\x01\x01");
            bytes.push(unit);
            bytes.extend_from_slice(&density.to_be_bytes());
            bytes.extend_from_slice(&density.to_be_bytes());
            bytes.extend_from_slice(&[0, 0, 0xff, 0xda, 0, 2]);
            bytes
        };
        assert_eq!(of_jpeg(&jpeg(1, 300)), Some(300));
        assert_eq!(of_jpeg(&jpeg(2, 118)), Some(300));
        assert_eq!(of_jpeg(&jpeg(1, 72)), None);
        assert_eq!(of_jpeg(&jpeg(0, 300)), None);
        assert_eq!(of_jpeg(&[0xff, 0xd8]), None);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            let _ = (of_jpeg(&bytes), of_png(&bytes), of_bmp(&bytes));
        }
    }
}
