//! The result is that of sorting everything, however the screening is done, stopped, resumed or split.

use proptest::prelude::*;
use records::{Record, Source};
use screening::{
    By, Direction, Failure, Hit, Options, Outcome, Score, Scorer, ScreeningError, Settings, Shard,
};
use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// A number that depends on the structure's text alone; few values, so that there are ties.
struct Hash {
    calls: AtomicUsize,
    /// After so many calls, `stop` is set.
    stop_after: usize,
    stop: AtomicBool,
}

impl Hash {
    fn new(stop_after: usize) -> Hash {
        Hash { calls: AtomicUsize::new(0), stop_after, stop: AtomicBool::new(false) }
    }
}

fn hash(text: &str) -> Result<Score, String> {
    let h = text.bytes().fold(7u64, |h, b| h.wrapping_mul(31).wrapping_add(u64::from(b)));
    match h % 23 {
        0 => Err(format!("`{text}` cannot be scored")),
        1 => Ok(Score { mean: f64::NAN, ..Score::certain(0.0) }),
        _ => Ok(Score {
            mean: (h % 11) as f64 - 5.0,
            sd: (h % 3) as f64,
            lower: f64::NEG_INFINITY,
            upper: (h % 11) as f64,
            in_domain: h % 5 > 0,
        }),
    }
}

impl Scorer for Hash {
    fn score(&self, batch: &[Record]) -> Vec<Result<Score, String>> {
        if self.calls.fetch_add(1, Ordering::Relaxed) + 1 >= self.stop_after {
            self.stop.store(true, Ordering::Relaxed);
        }
        batch
            .iter()
            .map(|record| {
                let text = record.structure.label();
                assert!(!text.contains("[Xx]"), "the scorer's own mistake");
                hash(&text)
            })
            .collect()
    }

    fn id(&self) -> String {
        "hash".into()
    }
}

/// Two files: SMILES lines and a table, with copies under other spellings and mistakes of all kinds.
fn library(folder: &Path, rows: &[(u8, u8)]) -> Source {
    let mut lines = String::new();
    let mut table = "id,smiles\n".to_owned();
    for (i, (kind, n)) in rows.iter().enumerate() {
        let chain = "C".repeat(usize::from(n % 40) + 1);
        let smiles = match kind % 8 {
            0 => format!("O{chain}"),
            1 => format!("{chain}O"),
            2 => format!("N{chain}"),
            3 => "[Xx]".into(),
            4 => "nonsense".into(),
            _ => format!("{chain}({chain})F"),
        };
        if i % 3 == 0 {
            // A row of one field is no row of the table.
            table += &if kind % 16 == 15 { "lonely\n".into() } else { format!("m{i},{smiles}\n") };
        } else {
            lines += &format!("{smiles} m{i}\n");
        }
    }
    std::fs::write(folder.join("a.smi"), lines).unwrap();
    std::fs::write(folder.join("b.csv"), table).unwrap();
    Source::new([folder.join("a.smi"), folder.join("b.csv")])
}

/// The same by sorting all there is.
fn reference(source: &Source, settings: &Settings) -> (Vec<(usize, u64)>, u64, Vec<Failure>) {
    let mut best: BTreeMap<String, (f64, usize, u64)> = BTreeMap::new();
    let (mut rows, mut failures) = (0, Vec::new());
    for record in source.open(&settings.columns).unwrap() {
        rows += 1;
        let record = match record {
            Ok(record) => record,
            Err(e) => {
                let (file, row, line) = (e.file_index, e.row, e.line);
                failures.push(Failure { file, row, line, reason: e.problem.to_string() });
                continue;
            }
        };
        let text = record.structure.label();
        let score = if text.contains("[Xx]") {
            Err("the scorer broke off at this record".to_owned())
        } else {
            hash(&text).and_then(|s| {
                if s.mean.is_nan() { Err("the score cannot be used: its mean is NaN".into()) } else { Ok(s) }
            })
        };
        let (file, row, line) = (record.file, record.row, record.line);
        let score = match score {
            Ok(score) => score,
            Err(reason) => {
                failures.push(Failure { file, row, line, reason });
                continue;
            }
        };
        if settings.only_in_domain && !score.in_domain {
            continue;
        }
        let k = if let By::Bound(k) = settings.by { k } else { 0.0 };
        let cost = match settings.direction {
            Direction::Minimise => score.mean + k * score.sd,
            Direction::Maximise => k * score.sd - score.mean,
            Direction::Target(t) => (score.mean - t).abs() + k * score.sd,
        };
        let identity = record.structure.graph().map_or(text, |g| g.canonical_smiles().to_owned());
        let place = (cost, file, row);
        let old = best.entry(identity).or_insert(place);
        if place < *old {
            *old = place;
        }
    }
    let mut best: Vec<_> = best.into_values().collect();
    best.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    best.truncate(settings.top);
    (best.into_iter().map(|(_, file, row)| (file, row)).collect(), rows, failures)
}

fn quiet() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            let text = info.payload().downcast_ref::<&str>().copied().unwrap_or("");
            if !text.contains("the scorer's own mistake") {
                usual(info);
            }
        }));
    });
}

fn options(threads: usize, batch: usize) -> Options {
    Options {
        threads: NonZeroUsize::new(threads),
        batch: NonZeroUsize::new(batch).unwrap(),
        ..Options::default()
    }
}

/// Runs, and where it is stopped, on again until it is done.
fn screen(source: &Source, settings: &Settings, options: &Options, stop_after: usize) -> Outcome {
    for _ in 0..10_000 {
        let scorer = Hash::new(stop_after);
        let outcome = screening::run(&scorer, source, settings, options, &scorer.stop, &mut |_| {}).unwrap();
        if outcome.finished {
            return outcome;
        }
    }
    panic!("never done")
}

fn places(hits: &[Hit]) -> Vec<(usize, u64)> {
    hits.iter().map(|h| (h.file, h.row)).collect()
}

fn settings() -> impl Strategy<Value = Settings> {
    let direction = prop_oneof![
        Just(Direction::Minimise),
        Just(Direction::Maximise),
        (-4.0..4.0).prop_map(Direction::Target)
    ];
    let by = prop_oneof![Just(By::Mean), (-2.0..2.0).prop_map(By::Bound)];
    (1usize..40, direction, by, any::<bool>()).prop_map(|(top, direction, by, only_in_domain)| Settings {
        top,
        direction,
        by,
        only_in_domain,
        ..Settings::default()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(80))]

    #[test]
    fn however_it_is_done(
        rows in prop::collection::vec((any::<u8>(), any::<u8>()), 0..300),
        settings in settings(),
        threads in 1usize..5,
        batch in 1usize..70,
        stop_after in 1usize..6,
        shards in 1u64..6,
    ) {
        quiet();
        let folder = tempfile::tempdir().unwrap();
        let source = library(folder.path(), &rows);
        let (expected, total, failures) = reference(&source, &settings);
        let check = |outcome: &Outcome| {
            assert_eq!(places(&outcome.hits), expected);
            assert_eq!((outcome.counts.rows, outcome.counts.failed), (total, failures.len() as u64));
            assert_eq!(outcome.failures, failures[..failures.len().min(20)]);
            assert!(outcome.finished && outcome.unread.is_empty());
        };
        let whole = screen(&source, &settings, &options(threads, batch), usize::MAX);
        check(&whole);

        // Stopped after some batches, and resumed, again and again.
        let state = Some(folder.path().join("state.json"));
        let stopped = Options { state, resume: true, ..options(threads, batch) };
        let resumed = screen(&source, &settings, &stopped, stop_after);
        check(&resumed);
        prop_assert_eq!(&resumed.hits, &whole.hits);
        prop_assert_eq!(resumed.counts, whole.counts);

        // In shards, some of them stopped too.
        let files: Vec<PathBuf> = (1..=shards).map(|index| {
            let settings = Settings { shard: Shard { index, of: shards }, ..settings.clone() };
            let file = folder.path().join(format!("{index}.shard"));
            let options = Options { state: Some(file.clone()), resume: true, ..options(threads, batch) };
            screen(&source, &settings, &options, if index % 2 == 0 { stop_after } else { usize::MAX });
            file
        }).collect();
        let merged = screening::merge(&files).unwrap();
        check(&merged);
        prop_assert_eq!(&merged.hits, &whole.hits);
        prop_assert_eq!(merged.counts, whole.counts);
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let rows: Vec<(u8, u8)> = (0..200u8).map(|i| (i, i.wrapping_mul(7))).filter(|r| r.0 % 8 != 3).collect();
    let source = library(folder.path(), &rows);
    let state = folder.path().join("state.json");
    let with = |resume| Options { state: Some(state.clone()), resume, ..options(1, 10) };
    let settings = Settings { top: 5, ..Settings::default() };
    let run = |source: &Source, settings: &Settings, options: &Options, stop| {
        let scorer = Hash::new(stop);
        screening::run(&scorer, source, settings, options, &scorer.stop, &mut |_| {})
    };
    assert!(!run(&source, &settings, &with(false), 1).unwrap().finished);
    let error = run(&source, &settings, &with(false), 1).unwrap_err();
    assert!(matches!(error, ScreeningError::Unfinished { .. }), "{error}");
    let other = Settings { top: 6, ..settings.clone() };
    let error = run(&source, &other, &with(true), 1).unwrap_err().to_string();
    assert!(error.contains("what is looked for was"), "{error}");
    let half = Source::new([folder.path().join("a.smi")]);
    let error = run(&half, &settings, &with(true), 1).unwrap_err().to_string();
    assert!(error.contains("the library was 2 files, and is 1 files"), "{error}");
    let error = screening::merge(&[&state]).unwrap_err();
    assert!(matches!(error, ScreeningError::ShardUnfinished { .. }), "{error}");
    let before = std::fs::read(&state).unwrap();
    let text = std::fs::read_to_string(folder.path().join("a.smi")).unwrap();
    std::fs::write(folder.path().join("a.smi"), text.clone() + "C\n").unwrap();
    let error = run(&source, &settings, &with(true), 1).unwrap_err().to_string();
    assert!(error.contains("`a.smi` was"), "{error}");
    std::fs::write(folder.path().join("a.smi"), &text).unwrap();
    let error = run(&source, &settings, &with(true), 1).unwrap_err().to_string();
    assert!(error.contains("last changed"), "{error}");
    assert_eq!(std::fs::read(&state).unwrap(), before);
    std::fs::write(&state, "{\"format\": \"other\"}").unwrap();
    assert!(
        run(&source, &settings, &with(true), 1).unwrap_err().to_string().contains("its format is `other`")
    );
    std::fs::write(&state, &before[..before.len() / 2]).unwrap();
    assert!(run(&source, &settings, &with(true), 1).is_err());
    // A finished state gives its result again, and may be replaced.
    std::fs::remove_file(&state).unwrap();
    let whole = run(&source, &settings, &with(true), usize::MAX).unwrap();
    let again = run(&source, &settings, &with(true), 1).unwrap();
    assert_eq!((again.hits, again.counts), (whole.hits, whole.counts));
    assert!(run(&source, &settings, &with(false), usize::MAX).unwrap().finished);
}

#[test]
fn shards_must_be_all_there_once() {
    let folder = tempfile::tempdir().unwrap();
    let rows: Vec<(u8, u8)> = (0..50).map(|i| (i % 3, i)).collect();
    let source = library(folder.path(), &rows);
    let shard = |index, of, top| {
        let file = folder.path().join(format!("{index}-{of}-{top}"));
        let settings = Settings { top, shard: Shard { index, of }, ..Settings::default() };
        let options = Options { state: Some(file.clone()), ..options(1, 10) };
        screen(&source, &settings, &options, usize::MAX);
        file
    };
    let merged =
        |files: &[PathBuf]| screening::merge(files).map(|o| o.counts.rows).map_err(|e| e.to_string());
    let (one, two) = (shard(1, 2, 5), shard(2, 2, 5));
    assert_eq!(merged(&[two.clone(), one.clone()]), Ok(50));
    assert!(merged(&[]).unwrap_err().contains("no shard"));
    assert!(merged(std::slice::from_ref(&one)).unwrap_err().contains("shard 2/2 is missing"));
    assert!(merged(&[one.clone(), one.clone()]).unwrap_err().contains("shard 1/2 is given twice"));
    assert!(merged(&[one.clone(), shard(2, 3, 5)]).unwrap_err().contains("number of shards"));
    assert!(merged(&[one, shard(2, 2, 6)]).unwrap_err().contains("what is looked for"));
    assert!(merged(&[folder.path().join("gone")]).is_err());
}

#[test]
fn bad_settings_and_a_bad_scorer() {
    struct Short;
    impl Scorer for Short {
        fn score(&self, batch: &[Record]) -> Vec<Result<Score, String>> {
            vec![Ok(Score::certain(1.0)); batch.len() - 1]
        }
        fn id(&self) -> String {
            "short".into()
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let source = library(folder.path(), &[(0, 1); 100]);
    let run = |settings: &Settings| {
        screening::run(&Short, &source, settings, &options(2, 7), &false.into(), &mut |_| {}).unwrap_err()
    };
    assert!(run(&Settings::default()).to_string().contains("gave 6 scores for 7 records"));
    assert!(run(&Settings { top: 0, ..Settings::default() }).is_input());
    assert!(run(&Settings { direction: Direction::Target(f64::NAN), ..Settings::default() }).is_input());
    assert!(run(&Settings { shard: Shard { index: 3, of: 2 }, ..Settings::default() }).is_input());
    for text in ["0/2", "3/2", "1", "a/b", "1/0", "-1/2"] {
        assert!(text.parse::<Shard>().is_err(), "{text}");
    }
    assert_eq!("2/4".parse::<Shard>().unwrap(), Shard { index: 2, of: 4 });
}

#[test]
fn a_broken_file_is_told_and_the_others_are_screened() {
    let folder = tempfile::tempdir().unwrap();
    let source = library(folder.path(), &[(0, 1), (0, 2), (0, 3), (0, 4)]);
    let mut source = Source { files: source.files, ..source };
    let broken = folder.path().join("c.csv");
    std::fs::write(&broken, format!("smiles\nC\n\"{}", "x".repeat(17 << 20))).unwrap();
    source.files.insert(0, broken);
    let settings = Settings { shard: Shard { index: 2, of: 2 }, ..Settings::default() };
    let outcome = screen(&source, &settings, &options(2, 3), usize::MAX);
    assert!(outcome.finished);
    assert_eq!((outcome.unread.len(), outcome.unread[0].rows), (1, 1));
    let table = folder.path().join("top.csv");
    outcome.write(&table).unwrap();
    let text = std::fs::read_to_string(table).unwrap();
    assert!(text.starts_with("rank,smiles,name,mean,sd,lower,upper,in_domain,file,row\n1,"), "{text}");
}

#[test]
fn smiles_of_any_depth_end_in_a_result() {
    struct Parse;
    impl Scorer for Parse {
        fn score(&self, batch: &[Record]) -> Vec<Result<Score, String>> {
            let parse =
                |r: &Record| r.structure.graph().map_err(|e| e.to_string().chars().take(80).collect());
            batch.iter().map(|r| parse(r).map(|_| Score::certain(1.0))).collect()
        }
        fn id(&self) -> String {
            "parse".into()
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep.smi");
    let deep = |n: usize| format!("{}C{}\n", "C(".repeat(n), ")".repeat(n));
    std::fs::write(&path, ["C\n".into(), deep(50), "C(".repeat(40_000) + "\n", "(".repeat(100_000)].concat())
        .unwrap();
    let outcome = screening::run(
        &Parse,
        &Source::new([&path]),
        &Settings::default(),
        &options(1, 2),
        &false.into(),
        &mut |_| {},
    );
    assert_eq!(outcome.unwrap().counts.rows, 4);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    /// Whatever a state file says, resuming and merging give a result or an error, and never a panic.
    #[test]
    fn mutated_states(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3u8), 1..6)) {
        use std::sync::OnceLock;
        static SEED: OnceLock<(tempfile::TempDir, Vec<u8>)> = OnceLock::new();
        let (folder, seed) = SEED.get_or_init(|| {
            let folder = tempfile::tempdir().unwrap();
            let rows: Vec<(u8, u8)> = (0..60).map(|i| (i % 3, i)).collect();
            let source = library(folder.path(), &rows);
            let scorer = Hash::new(2);
            let settings = Settings { top: 3, ..Settings::default() };
            let options = Options { state: Some(folder.path().join("state")), ..options(1, 5) };
            screening::run(&scorer, &source, &settings, &options, &scorer.stop, &mut |_| {}).unwrap();
            let bytes = std::fs::read(folder.path().join("state")).unwrap();
            (folder, bytes)
        });
        let mut bytes = seed.clone();
        for (place, byte, kind) in &changes {
            let at = place.index(bytes.len());
            // Digits become other digits most of the time, so that much of it stays JSON.
            match kind {
                0 => bytes[at] = *byte,
                1 => {
                    let digit = bytes.iter().skip(at).position(u8::is_ascii_digit).map_or(at, |i| at + i);
                    bytes[digit] = b'0' + byte % 10;
                }
                _ => { bytes.insert(at, b'0' + byte % 10); }
            }
        }
        let inner = tempfile::tempdir().unwrap();
        let state = inner.path().join("state");
        std::fs::write(&state, &bytes).unwrap();
        let _ = screening::merge(&[&state]);
        let source = Source::new([folder.path().join("a.smi"), folder.path().join("b.csv")]);
        let settings = Settings { top: 3, ..Settings::default() };
        let options = Options { state: Some(state), resume: true, ..options(1, 50) };
        let scorer = Hash::new(usize::MAX);
        let _ = screening::run(&scorer, &source, &settings, &options, &scorer.stop, &mut |_| {});
    }
}
