//! The campaign: specification, loop, quote, resume, report; and the bulk path.

pub mod bulk;
