//! What a model is taken for, as switches of the commands that read one.

use models::Expected;

/// Refuse a model of something else.
#[derive(clap::Args, Clone, Debug, Default)]
#[command(next_help_heading = "Refuse a model of something else")]
pub struct Expect {
    /// The property must be this one.
    #[arg(long, value_name = "NAME")]
    property: Option<String>,
    /// Its unit must be this one.
    #[arg(long, value_name = "UNIT")]
    unit: Option<String>,
    /// The level of theory, or experiment, must be this one.
    #[arg(long, value_name = "LEVEL")]
    level: Option<String>,
}

impl From<Expect> for Expected {
    fn from(Expect { property, unit, level }: Expect) -> Expected {
        Expected { property, unit, level }
    }
}
