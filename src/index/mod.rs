//! The tantivy index: schema, document, writer, reader, generations.
