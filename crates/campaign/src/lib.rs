//! The campaign: specification, loop, quote, resume, report; and the bulk path.

mod account;
mod books;
pub mod bulk;
mod error;
mod history;
mod meter;
mod pool;
mod property;
mod quote;
pub mod run;
mod session;
pub mod spec;
mod summary;

pub use account::{Account, ChargeRow, KindRow, account};
pub use error::CampaignError;
pub use quote::{Forecast, PILOT, Quote, quote};
pub use run::{Observer, RunEnd, Silent, run};
pub use spec::Loaded;
pub use summary::{energy_in_words, summarise};
