use crate::{DecideError, Goal};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the campaign looks for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Objective {
    /// Name of the property, e.g. `reduction_energy`. Values and distances are
    /// in the unit of the property.
    pub property: String,
    /// What makes a value good: `"maximise"`, `"minimise"`,
    /// `{ target = 1.5 }` or `{ range = { low = 1.0, high = 2.0 } }`.
    pub goal: Goal,
}

impl Objective {
    /// Refuses an empty name and a goal without meaning.
    ///
    /// # Errors
    /// [`DecideError::Empty`], and those of [`Goal::check`].
    pub fn check(&self) -> Result<(), DecideError> {
        if self.property.trim().is_empty() {
            return Err(DecideError::Empty {
                field: "objective.property",
                expected: "the name of a property, such as `reduction_energy`",
            });
        }
        self.goal.check()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Objective, toml::de::Error> {
        toml::from_str(text)
    }

    #[test]
    fn every_goal_can_be_written_in_toml() {
        for (goal, expected) in [
            ("\"maximise\"", Goal::Maximise),
            ("\"minimize\"", Goal::Minimise),
            ("{ target = -1 }", Goal::Target(-1.0)),
            ("{ range = { low = 1, high = 2.5 } }", Goal::Range { low: 1.0, high: 2.5 }),
        ] {
            let objective = read(&format!("property = \"gap\"\ngoal = {goal}")).unwrap();
            assert_eq!(objective.goal, expected);
            objective.check().unwrap();
            let again = toml::to_string(&objective).unwrap();
            assert_eq!(read(&again).unwrap(), objective);
        }
    }

    #[test]
    fn unknown_fields_and_goals_are_named() {
        for (text, needle) in [
            ("property = \"gap\"\ngoal = \"maximise\"\ngaol = 1", "gaol"),
            ("property = \"gap\"\ngoal = \"biggest\"", "biggest"),
            ("property = \"gap\"\ngoal = { range = { low = 1, high = 2, mid = 1 } }", "mid"),
            ("property = \"gap\"\ngoal = { range = { low = 1 } }", "high"),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.contains(needle), "{error}");
        }
        let error = read("property = \" \"\ngoal = \"maximise\"").unwrap().check().unwrap_err();
        assert!(error.to_string().contains("objective.property"));
    }

    #[test]
    fn the_schema_describes_every_field() {
        let schema = serde_json::to_string(&schemars::schema_for!(Objective)).unwrap();
        for needle in
            ["\"maximise\"", "\"target\"", "\"range\"", "The higher the better", "additionalProperties"]
        {
            assert!(schema.contains(needle), "{needle} is missing in {schema}");
        }
    }
}
