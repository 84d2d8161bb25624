//! Renders a report from its JSON: `cargo run -p report --example render -- report.json html > report.html`.

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, format] = arguments.as_slice() else {
        eprintln!("usage: render REPORT.json html|markdown|json");
        return ExitCode::from(2);
    };
    match render(file, format) {
        Ok(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("render: {message}");
            ExitCode::FAILURE
        }
    }
}

fn render(file: &str, format: &str) -> Result<String, String> {
    let text = std::fs::read_to_string(file).map_err(|e| format!("{file}: {e}"))?;
    let data: report::Report = serde_json::from_str(&text).map_err(|e| format!("{file}: {e}"))?;
    match format {
        "html" => Ok(report::html(&data)),
        "markdown" => Ok(report::markdown(&data)),
        "json" => report::json(&data).map_err(|e| e.to_string()),
        other => Err(format!("`{other}` is no format: expected html, markdown or json")),
    }
}
