//! Text → tokens: normalise, lexicon, words, bigrams.
