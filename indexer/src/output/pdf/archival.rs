//! What PDF/A-2u asks for beside the pages (ISO 19005-2): metadata as XMP, and what the colours mean.

use std::fmt::Write as _;

use moxcms::ColorProfile;

use super::super::xml::escaped;
use super::super::{Error, PROGRAM, VERSION};

/// The program as the metadata name it.
pub(super) fn producer() -> String {
    format!("{PROGRAM} {VERSION}")
}

/// The metadata; they must say the same as the information dictionary. `archival`: whether the file claims PDF/A-2u.
pub(super) fn xmp(title: &str, archival: bool) -> String {
    let mut packet = String::from(concat!(
        "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n",
        "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n",
        "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n",
        "<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" ",
        "xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\" xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\">\n",
        "<dc:format>application/pdf</dc:format>\n",
    ));
    let _ = write!(
        packet,
        "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">{}</rdf:li></rdf:Alt></dc:title>\n<pdf:Producer>{}</pdf:Producer>\n",
        escaped(title),
        escaped(&producer())
    );
    if archival {
        packet.push_str("<pdfaid:part>2</pdfaid:part>\n<pdfaid:conformance>U</pdfaid:conformance>\n");
    }
    packet.push_str("</rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"r\"?>");
    packet
}

/// The colour profile that says what gray and RGB mean: sRGB.
pub(super) fn srgb_profile() -> Result<Vec<u8>, Error> {
    ColorProfile::new_srgb()
        .encode()
        .map_err(|e| Error::Io(std::io::Error::other(e.to_string())))
}
