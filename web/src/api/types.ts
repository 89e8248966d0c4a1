// Names for the schemas of the API; the types come from its description.

import type { components } from './schema'

type Schemas = components['schemas']
export type SessionAnswer = Schemas['SessionAnswer']
export type Hit = Schemas['Hit']
export type Snippet = Schemas['Snippet']
export type SearchResponse = Schemas['SearchResponse']
export type FacetValue = Schemas['FacetValue']
export type Suggestion = Schemas['Suggestion']
export type CaseAnswer = Schemas['CaseAnswer']
export type DocumentAnswer = Schemas['DocumentAnswer']
export type FactAnswer = Schemas['FactAnswer']
export type StageAnswer = Schemas['StageAnswer']
export type PageAnswer = Schemas['PageAnswer']
export type LineAnswer = Schemas['LineAnswer']
export type CorrectionAnswer = Schemas['CorrectionAnswer']
export type CorrectionRequest = Schemas['CorrectionRequest']
export type ReviewAnswer = Schemas['ReviewAnswer']
export type ReviewsAnswer = Schemas['ReviewsAnswer']
export type ReviewPlace = Schemas['ReviewPlace']
