//! Search: limits, request, parse, plan, execute, facets, highlight, response.
