#!/usr/bin/env python3
"""Run the example campaign and put what it really printed into README.md and the tutorial.

    refresh_demo.py                  run `joulery quote`, `run`, `ledger` on a copy of the example (a few minutes), replace
                                     the marked blocks, and take docs/images/*.png from the report
    refresh_demo.py --folder DIR     keep the copy and its output in DIR, and use what is there already

A block is the code fence behind a line `<!-- output: NAME -->`; NAME is that of a file that the commands below write.
Needs target/release/joulery (`make build`) and Chromium (`scripts/setup --browser`). Python standard library only.
"""

import argparse
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
CAMPAIGN = "examples/quinones/campaign.toml"
REPORT = "examples/quinones/quinones.joulery/report.html"
# In order: a quote is part of the campaign that the run goes on with.
COMMANDS = {
    "quote": ["quote", CAMPAIGN],
    "run": ["run", CAMPAIGN],
    "ledger": ["ledger", CAMPAIGN],
    "again": ["run", CAMPAIGN],
}
PAGES = ["README.md", "docs/tutorial/quinones.md"]
# Width and height in pixels, and what is hidden for the picture.
PICTURES = {
    "report.png": (1100, 1560, ""),
    "figures.png": (1100, 1315, "header, section:not(#plots)"),
}
LARGEST_PICTURE = 500_000


def capture(folder, program):
    """The output of each command, from the folder where it is there already."""
    if not (folder / CAMPAIGN).exists():
        (folder / CAMPAIGN).parent.mkdir(parents=True)
        shutil.copy(ROOT / CAMPAIGN, folder / CAMPAIGN)
    outputs = {}
    for name, arguments in COMMANDS.items():
        kept = folder / f"{name}.txt"
        if not kept.exists():
            print(f"refresh_demo: joulery {' '.join(arguments)}", flush=True)
            done = subprocess.run([program, *arguments], cwd=folder, stdout=subprocess.PIPE, text=True, check=False)
            if done.returncode != 0:
                sys.exit(f"refresh_demo: joulery {' '.join(arguments)} ended with code {done.returncode}")
            kept.write_text(done.stdout, encoding="utf-8")
        outputs[name] = kept.read_text(encoding="utf-8").rstrip()
    # The rest repeats what `run` said.
    outputs["again"] = outputs["again"].splitlines()[0]
    return outputs


def put(page, outputs):
    """Replaces the marked blocks of a page."""
    path = ROOT / page
    text = path.read_text(encoding="utf-8")

    def block(match):
        if match[2] not in outputs:
            sys.exit(f"refresh_demo: {page} asks for an output `{match[2]}`; there are {', '.join(outputs)}")
        return f"{match[1]}\n```text\n{outputs[match[2]]}\n```"

    new, count = re.subn(r"(<!-- output: (\w+) -->)\n+```text\n(?:.*?\n)??```", block, text, flags=re.S)
    if count != text.count("<!-- output:"):
        sys.exit(f"refresh_demo: {page} has a marker without a ```text block behind it")
    path.write_text(new, encoding="utf-8")
    print(f"refresh_demo: {page}: {count} blocks")


def main():
    parser = argparse.ArgumentParser(description="Run the example campaign and refresh what the pages show of it.")
    parser.add_argument("--folder", type=pathlib.Path, help="where the copy of the example is kept")
    arguments = parser.parse_args()
    program = ROOT / "target" / "release" / "joulery"
    with tempfile.TemporaryDirectory() as temporary:
        folder = (arguments.folder or pathlib.Path(temporary)).resolve()
        outputs = capture(folder, program)
        for page in PAGES:
            put(page, outputs)
        (ROOT / "docs" / "images").mkdir(exist_ok=True)
        report = (folder / REPORT).read_text(encoding="utf-8")
        for name, (width, height, hidden) in PICTURES.items():
            picture = ROOT / "docs" / "images" / name
            page = folder / f"{name}.html"
            style = f"<style>{hidden} {{ display: none }}</style>" if hidden else ""
            page.write_text(report.replace("</head>", f"{style}</head>", 1), encoding="utf-8")
            subprocess.run([ROOT / "scripts" / "screenshot", page, picture, str(width), str(height)], check=True)
            if picture.stat().st_size > LARGEST_PICTURE:
                sys.exit(f"refresh_demo: {picture} has {picture.stat().st_size} bytes, at most {LARGEST_PICTURE} wanted")
            print(f"refresh_demo: docs/images/{name}: {picture.stat().st_size} bytes")


if __name__ == "__main__":
    main()
