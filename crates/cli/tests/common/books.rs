//! A look into the archive past the program, straight at its SQLite file.

use rusqlite::types::Value as Cell;
use rusqlite::{Connection, OpenFlags};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The tables of an archive.
pub struct Books(Connection);

impl Books {
    #[track_caller]
    pub fn open(path: &Path) -> Books {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
        let connection = Connection::open_with_flags(path, flags);
        Books(connection.unwrap_or_else(|e| panic!("{}: {e}", path.display())))
    }

    fn rows(&self, sql: &str) -> Vec<Vec<Cell>> {
        let mut statement = self.0.prepare(sql).expect(sql);
        let columns = statement.column_count();
        let rows = statement.query_map([], |row| (0..columns).map(|i| row.get::<_, Cell>(i)).collect());
        rows.expect(sql).map(|row| row.expect(sql)).collect()
    }

    fn number(&self, sql: &str) -> f64 {
        self.0.query_row(sql, [], |row| row.get::<_, Option<f64>>(0)).expect(sql).unwrap_or_default()
    }

    fn count(&self, sql: &str) -> i64 {
        self.0.query_row(sql, [], |row| row.get(0)).expect(sql)
    }

    /// Number of structures evaluated so far, if the tables are there already.
    pub fn try_evaluated(&self) -> Option<i64> {
        self.0.query_row("SELECT count(*) FROM results", [], |row| row.get(0)).ok()
    }

    /// Number of events so far, if the tables are there already.
    pub fn count_events(&self) -> Option<i64> {
        self.0.query_row("SELECT count(*) FROM events", [], |row| row.get(0)).ok()
    }

    /// Every row of every table, as text.
    pub fn dump(&self) -> Vec<String> {
        let tables = self.rows("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name");
        let mut lines = Vec::new();
        for table in tables {
            let [Cell::Text(name)] = table.as_slice() else { panic!("a table without a name") };
            let rows = self.rows(&format!("SELECT * FROM \"{name}\" ORDER BY rowid"));
            lines.extend(rows.into_iter().map(|row| format!("{name} {row:?}")));
        }
        lines
    }

    /// Payloads of all events of a kind.
    pub fn events(&self, kind: &str) -> Vec<Value> {
        let rows = self.rows(&format!("SELECT payload FROM events WHERE kind = '{kind}' ORDER BY seq"));
        let payload = |row: Vec<Cell>| match row.as_slice() {
            [Cell::Text(text)] => serde_json::from_str(text).expect("a payload is JSON"),
            other => panic!("a payload is text, not {other:?}"),
        };
        rows.into_iter().map(payload).collect()
    }

    /// All decisions, without what time has measured.
    pub fn decisions(&self) -> Vec<Value> {
        let mut decisions = self.events("decided");
        for decision in &mut decisions {
            let fields = decision.as_object_mut().expect("an object");
            fields.remove("elapsed");
            for pick in fields["picks"].as_array_mut().expect("picks") {
                // How much was set aside depends on what the engine itself has taken so far.
                pick.as_object_mut().expect("a pick").remove("reserved");
            }
        }
        decisions
    }

    /// Which candidates were chosen, round by round.
    pub fn choices(&self) -> Vec<Vec<String>> {
        let picks = |d: &Value| {
            let picks = d["picks"].as_array().expect("picks").iter();
            picks.map(|p| p["structure"].as_str().expect("a structure").to_owned()).collect()
        };
        self.events("decided").iter().map(picks).collect()
    }

    /// Bits of the value, or the failure, of every structure that was evaluated.
    pub fn evaluations(&self) -> BTreeMap<String, String> {
        let rows = self.rows("SELECT structure, value, failure_kind FROM results");
        let count = rows.len();
        let found: BTreeMap<String, String> = rows
            .into_iter()
            .map(|row| match row.as_slice() {
                [Cell::Text(id), Cell::Real(value), _] => {
                    (id.clone(), format!("{:016x} {value}", value.to_bits()))
                }
                [Cell::Text(id), _, Cell::Text(kind)] => (id.clone(), kind.clone()),
                other => panic!("a result is not {other:?}"),
            })
            .collect();
        assert_eq!(found.len(), count, "a structure was evaluated twice");
        found
    }

    /// Identities of all calculations that are kept.
    pub fn calculations(&self) -> BTreeSet<String> {
        let rows = self.rows("SELECT id FROM calculations");
        let count = rows.len();
        let ids: BTreeSet<String> = rows
            .into_iter()
            .map(|row| match row.as_slice() {
                [Cell::Text(id)] => id.clone(),
                other => panic!("an identity is not {other:?}"),
            })
            .collect();
        assert_eq!(ids.len(), count, "a calculation was recorded twice");
        ids
    }

    /// Number of results with a failure of this kind.
    pub fn failures(&self, kind: &str) -> i64 {
        self.count(&format!("SELECT count(*) FROM results WHERE failure_kind = '{kind}'"))
    }

    /// Number of charges of a kind.
    pub fn charges(&self, kind: &str) -> i64 {
        self.count(&format!("SELECT count(*) FROM charges WHERE kind = '{kind}'"))
    }

    /// Sum of one column of all charges.
    pub fn sum(&self, column: &str) -> f64 {
        self.number(&format!("SELECT sum({column}) FROM charges"))
    }

    /// Sum of the joules of all charges of a kind.
    pub fn joules(&self, kind: &str) -> f64 {
        self.number(&format!("SELECT sum(joules) FROM charges WHERE kind = '{kind}'"))
    }

    /// Calculations that were charged more than once.
    pub fn charged_twice(&self) -> Vec<String> {
        let sql =
            "SELECT calculation FROM charges WHERE calculation IS NOT NULL GROUP BY 1 HAVING count(*) > 1";
        self.rows(sql).into_iter().map(|row| format!("{row:?}")).collect()
    }

    /// Asserts that the books are in order: nothing is recorded or finished twice, every attempt at a calculation is
    /// charged once (one that was stopped half-way and the one after it are two), and what `joulery ledger` says is
    /// the sum of the charges.
    #[track_caller]
    pub fn in_order(&self, ledger: &Value) {
        let mut attempts: BTreeMap<String, i64> = BTreeMap::new();
        for kind in ["finished", "failed"] {
            for event in self.events(kind) {
                if let Some(calculation) = event["calculation"].as_str() {
                    let count = attempts.entry(calculation.to_owned()).or_default();
                    *count += 1;
                    assert!(kind == "failed" || *count == 1, "{calculation} was finished twice");
                }
            }
        }
        let charged = self.rows(
            "SELECT calculation, count(*) FROM charges WHERE calculation IS NOT NULL GROUP BY calculation",
        );
        let charged: BTreeMap<String, i64> = charged
            .into_iter()
            .map(|row| match row.as_slice() {
                [Cell::Text(id), Cell::Integer(n)] => (id.clone(), *n),
                other => panic!("a charge is not {other:?}"),
            })
            .collect();
        assert_eq!(charged, attempts, "charges and events of calculations differ");
        assert!(self.calculations().iter().all(|id| charged.contains_key(id)), "something was never charged");
        let mut finished = BTreeSet::new();
        for event in self.events("finished").iter().chain(&self.events("failed")) {
            if let Some(structure) = event["structure"].as_str() {
                assert!(finished.insert(structure.to_owned()), "{structure} was finished twice");
            }
        }
        let evaluated: BTreeSet<String> = self.evaluations().into_keys().collect();
        assert_eq!(finished, evaluated, "events and results tell different stories");
        for column in ["core_seconds", "joules", "gco2e"] {
            let total = ledger["total"][column].as_f64().expect("a total");
            let kinds = ledger["by_kind"].as_array().expect("kinds").iter();
            let by_kind: f64 = kinds.map(|k| k[column].as_f64().expect("a number")).sum();
            for (what, sum) in [("charges", self.sum(column)), ("kinds", by_kind)] {
                assert!(
                    (sum - total).abs() <= 1e-9 * total.abs(),
                    "{column}: total {total}, sum over {what} {sum}"
                );
            }
        }
    }
}
