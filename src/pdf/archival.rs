//! What PDF/A-2u asks for beside the pages (ISO 19005-2): metadata as XMP, and what the colours mean.

use std::fmt::Write as _;

use moxcms::ColorProfile;

use super::Error;
use crate::xml::escaped;

/// When the profile was made, as its header says it: the year in which sRGB was adopted (year, month, day, time of day).
const PROFILE_DATE: [u16; 6] = [1999, 10, 1, 0, 0, 0];
/// Where its header says so (ICC.1:2010, 7.2.8).
const PROFILE_DATE_AT: usize = 24;

/// What a file says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Description {
    /// Title.
    pub title: String,
    /// The program with its version.
    pub producer: String,
    /// Who made what is in it.
    pub author: Option<String>,
    /// What it is about.
    pub subject: Option<String>,
    /// Words to find it by.
    pub keywords: Option<String>,
}

impl Description {
    /// Names and values of the information dictionary.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&'static [u8], &str)> {
        let all: [(&'static [u8], Option<&str>); 5] = [
            (b"Title", Some(&self.title)),
            (b"Author", self.author.as_deref()),
            (b"Subject", self.subject.as_deref()),
            (b"Keywords", self.keywords.as_deref()),
            (b"Producer", Some(&self.producer)),
        ];
        all.into_iter().filter_map(|(name, value)| Some((name, value?)))
    }
}

/// The metadata; they must say the same as the information dictionary. `archival`: whether the file claims PDF/A-2u.
pub(super) fn xmp(description: &Description, archival: bool) -> String {
    let mut packet = String::from(concat!(
        "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n",
        "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n",
        "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n",
        "<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" ",
        "xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\" xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\">\n",
        "<dc:format>application/pdf</dc:format>\n",
    ));
    let mut property = |name: &str, open: &str, value: Option<&str>, close: &str| {
        if let Some(value) = value {
            let _ = writeln!(packet, "<{name}>{open}{}{close}</{name}>", escaped(value));
        }
    };
    let (alternative, end) = ("<rdf:Alt><rdf:li xml:lang=\"x-default\">", "</rdf:li></rdf:Alt>");
    property("dc:title", alternative, Some(&description.title), end);
    property(
        "dc:creator",
        "<rdf:Seq><rdf:li>",
        description.author.as_deref(),
        "</rdf:li></rdf:Seq>",
    );
    property("dc:description", alternative, description.subject.as_deref(), end);
    property("pdf:Keywords", "", description.keywords.as_deref(), "");
    property("pdf:Producer", "", Some(&description.producer), "");
    if archival {
        packet.push_str("<pdfaid:part>2</pdfaid:part>\n<pdfaid:conformance>U</pdfaid:conformance>\n");
    }
    packet.push_str("</rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"r\"?>");
    packet
}

/// The colour profile that says what gray and RGB mean: sRGB.
///
/// # Errors
/// When the library cannot write it.
pub(super) fn srgb_profile() -> Result<Vec<u8>, Error> {
    let encoded = ColorProfile::new_srgb().encode();
    let mut bytes = encoded.map_err(|e| Error::Io(std::io::Error::other(e.to_string())))?;
    // The library writes the present moment, whatever the profile says; the same pages shall give the same bytes.
    let date = PROFILE_DATE.iter().flat_map(|part| part.to_be_bytes());
    for (place, byte) in bytes.iter_mut().skip(PROFILE_DATE_AT).zip(date) {
        *place = byte;
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// It held the second in which it was written, so two exports of a case differed now and then.
    #[test]
    fn the_profile_does_not_know_when_it_was_written() {
        let profile = srgb_profile().unwrap();
        assert_eq!(profile[PROFILE_DATE_AT..PROFILE_DATE_AT + 6], [0x07, 0xcf, 0, 10, 0, 1]);
        assert_eq!(&profile[36..40], b"acsp", "the field after it is whole");
    }
}
