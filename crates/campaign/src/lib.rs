//! The campaign: specification, loop, quote, resume, report.
