//! A folder of its own for every test, and the program run in it.

use super::Books;
use serde_json::Value;
use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// No command of these tests takes nearly as long: one that does hangs.
const PATIENCE: Duration = Duration::from_secs(240);

/// How a command ended.
#[derive(Debug)]
pub struct Ended {
    /// Its exit code; `None` if a signal ended it.
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Ended {
    fn of(output: Output) -> Ended {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the program writes UTF-8");
        Ended { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    /// Asserts exit code 0.
    #[track_caller]
    pub fn done(self) -> Ended {
        assert_eq!(self.code, Some(0), "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }

    /// Asserts that it was refused with this exit code and a message with all of `needles`.
    #[track_caller]
    pub fn refused(self, code: i32, needles: &[&str]) -> Ended {
        assert_eq!(self.code, Some(code), "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        super::holds(&self.stderr, &["error: "]);
        super::holds(&self.stderr, needles);
        for leak in ["panicked", "RUST_BACKTRACE", "internal error"] {
            assert!(!self.stderr.contains(leak), "{}", self.stderr);
        }
        self
    }

    /// Standard output as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|e| panic!("{e} in:\n{}", self.stdout))
    }

    /// Standard output as JSON lines.
    #[track_caller]
    pub fn json_lines(&self) -> Vec<Value> {
        let lines = self.stdout.lines();
        lines.map(|l| serde_json::from_str(l).unwrap_or_else(|e| panic!("{e} in:\n{l}"))).collect()
    }
}

/// A command that is running.
pub struct Running(Child);

impl Running {
    pub fn pid(&self) -> u32 {
        self.0.id()
    }

    /// `kill -9`; whether it was still running then.
    pub fn kill(mut self) -> bool {
        let running = self.0.try_wait().expect("a child of ours").is_none();
        self.0.kill().expect("a child of ours");
        self.0.wait().expect("a child of ours");
        running
    }

    /// Sends a signal by its name, e.g. `INT`.
    pub fn signal(&self, name: &str) {
        let status = Command::new("sh").arg("-c").arg(format!("kill -s {name} {}", self.pid())).status();
        assert!(status.expect("a shell").success());
    }

    pub fn is_running(&mut self) -> bool {
        self.0.try_wait().expect("a child of ours").is_none()
    }

    /// Waits for its end.
    pub fn wait(mut self) -> Ended {
        let begun = Instant::now();
        while self.is_running() {
            if begun.elapsed() > PATIENCE {
                let _ = self.0.kill();
                panic!("the command hangs");
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Ended::of(self.0.wait_with_output().expect("a child of ours"))
    }
}

/// A folder with campaign files, data and a scratch folder of its own.
pub struct Site {
    folder: tempfile::TempDir,
}

impl Site {
    pub fn new() -> Site {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::create_dir(folder.path().join("scratch")).expect("a folder");
        Site { folder }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Where the engines make their scratch folders.
    pub fn scratch(&self) -> PathBuf {
        self.path("scratch")
    }

    /// Scratch folders that are there now.
    pub fn scratch_folders(&self) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(self.scratch()).expect("a folder");
        let named = |p: &PathBuf| p.to_string_lossy().contains("joulery-scratch-");
        entries.map(|e| e.expect("an entry").path()).filter(named).collect()
    }

    /// Processes that work below the scratch folder, by what the kernel says their folder is.
    pub fn processes(&self) -> Vec<String> {
        let scratch = self.scratch();
        let entries = std::fs::read_dir("/proc").expect("/proc").flatten();
        entries
            .filter(|e| {
                let cwd = std::fs::read_link(e.path().join("cwd")).unwrap_or_default();
                cwd.starts_with(&scratch)
            })
            .map(|e| e.file_name().to_string_lossy().into_owned())
            .collect()
    }

    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) -> &Site {
        std::fs::write(self.path(name), text).expect("a file");
        self
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
    }

    /// Replaces text in a file, which must be there.
    #[track_caller]
    pub fn change(&self, name: &str, from: &str, to: &str) -> &Site {
        let text = self.read(name);
        assert!(text.contains(from), "`{from}` is not in {name}");
        self.write(name, text.replace(from, to))
    }

    /// The program in this folder, before it is started.
    pub fn command<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_joulery"));
        command.args(args).current_dir(self.folder.path()).env("TMPDIR", self.scratch());
        command.env_remove("JOULERY_XTB").stdin(Stdio::null());
        command
    }

    /// The same on a machine that has no other program.
    pub fn lonely_command<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Command {
        let mut command = self.command(args);
        command.env("PATH", self.scratch());
        command
    }

    pub fn start(&self, mut command: Command) -> Running {
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        Running(command.spawn().expect("the program starts"))
    }

    pub fn end(&self, mut command: Command) -> Ended {
        Ended::of(command.output().expect("the program starts"))
    }

    /// Runs the program to its end.
    pub fn joulery(&self, args: &[&str]) -> Ended {
        self.end(self.command(args))
    }

    /// Runs a shell script to its end, in which `$JOULERY` is the program.
    pub fn shell(&self, script: &str) -> Ended {
        let mut command = Command::new("sh");
        command.arg("-c").arg(script).current_dir(self.folder.path()).env("TMPDIR", self.scratch());
        command.env("JOULERY", env!("CARGO_BIN_EXE_joulery")).env_remove("JOULERY_XTB").stdin(Stdio::null());
        Ended::of(command.output().expect("a shell"))
    }

    /// `run campaign.toml`, started.
    pub fn running(&self) -> Running {
        self.start(self.command(["run", "campaign.toml"]))
    }

    /// `run campaign.toml`, to its end.
    pub fn run(&self) -> Ended {
        self.joulery(&["run", "campaign.toml"])
    }

    /// The books of the campaign in `campaign.toml`, which is named `test`.
    pub fn books(&self) -> Books {
        Books::open(&self.path("test.joulery/archive.sqlite"))
    }

    /// The JSON report that the last run has written.
    pub fn report(&self) -> Value {
        serde_json::from_str(&self.read("test.joulery/report.json")).expect("a JSON report")
    }

    /// The short-list of the last run, without what differs from run to run (measured costs).
    pub fn short_list(&self) -> Vec<Value> {
        let report = self.report();
        let entries = report["short_list"].as_array().expect("a short-list").iter().cloned();
        entries
            .map(|mut entry| {
                entry.as_object_mut().expect("an entry").remove("cost");
                entry
            })
            .collect()
    }

    /// What `joulery ledger` says.
    #[track_caller]
    pub fn ledger(&self) -> Value {
        self.joulery(&["ledger", "campaign.toml", "--json"]).done().json()
    }
}
