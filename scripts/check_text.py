#!/usr/bin/env python3
"""Check the text of every tracked file for what must not be committed.

Machine paths, host names of package registries, places left unfinished, files too large for
git, Rust files too long to read, crates that ARCHITECTURE.md does not name. Python standard
library only.

    check_text.py              check; exit 1 and name file, line and rule of each finding
    check_text.py --self-test  show that each rule finds what it must find
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile

LARGEST_FILE = 6 * 1024 * 1024
LONGEST_RUST_FILE = 600

SOURCE = (".rs", ".py", ".sh", ".ts", ".js", ".md", ".toml", ".html", ".css", ".yml", ".yaml", ".json")
SOURCE_NAMES = ("Makefile", "setup", "run")

# A group such as h[o]me keeps this file from matching itself.
LINE_RULES = [
    (
        "machine path",
        re.compile(r"(?<![\w.~/-])/(?:h[o]me/[\w.-]+|U[s]ers/[\w.-]+|r[o]ot|w[o]rk|t[m]p)/"),
        lambda path: True,
        "say it relative to the repository, or make a temporary folder at run time",
    ),
    (
        "registry host",
        re.compile(r"p[y]pi\.org|p[y]thonhosted|registry\.n[p]mjs|d[e]b\.debian|(?:static|index)\.cr[a]tes", re.I),
        lambda path: True,
        "name the package; each client knows its registry",
    ),
    (
        "unfinished place",
        re.compile(r"\b(?:t[o]do|unimpl[e]mented|d[b]g)!|\bT[O]DO\b|\bF[I]XME\b|\bX[X]X\b|(?i:\bfor n[o]w\b|\bplac[e]holder)"),
        lambda path: path.endswith(SOURCE) or os.path.basename(path) in SOURCE_NAMES,
        "finish it, or say plainly what is not supported",
    ),
]

# Findings that are right as they stand: (path, rule) -> why. An entry without use is an error.
ALLOWED: dict[tuple[str, str], str] = {}


def tracked(root):
    listed = subprocess.run(["git", "-C", root, "ls-files", "-z"], stdout=subprocess.PIPE, check=True).stdout
    return [name for name in listed.decode().split("\0") if name]


def is_data(path):
    return {"data", "tables"} & set(path.split("/")[:-1])


def check_file(root, path):
    """Yields (rule, where, message) for one tracked file."""
    full = os.path.join(root, path)
    if os.path.islink(full) or not os.path.isfile(full):
        return
    size = os.path.getsize(full)
    if size > LARGEST_FILE:
        yield "file size", path, f"{size} bytes, at most {LARGEST_FILE}; compress it, or have a script make it"
        return
    with open(full, "rb") as file:
        content = file.read()
    if b"\0" in content[:8192]:
        return
    lines = content.decode("utf-8", "replace").splitlines()
    if path.endswith(".rs") and not is_data(path) and len(lines) > LONGEST_RUST_FILE:
        yield "file length", path, f"{len(lines)} lines, at most {LONGEST_RUST_FILE}; split it by concern"
    rules = [(name, pattern, way_out) for name, pattern, applies, way_out in LINE_RULES if applies(path)]
    for number, line in enumerate(lines, 1):
        for name, pattern, way_out in rules:
            match = pattern.search(line)
            if match:
                yield name, f"{path}:{number}", f"{match.group(0)!r}; {way_out}"


def check_architecture(root, paths):
    """ARCHITECTURE.md, where there is one, names each crate."""
    if "ARCHITECTURE.md" not in paths:
        return
    with open(os.path.join(root, "ARCHITECTURE.md"), encoding="utf-8") as file:
        text = file.read()
    for crate in sorted({p.split("/")[1] for p in paths if p.startswith("crates/") and p.count("/") > 1}):
        # Crate names are everyday words (method, space): only one set as code counts.
        if f"`{crate}`" not in text and f"crates/{crate}" not in text:
            yield "architecture", "ARCHITECTURE.md", f"crate {crate!r} is not named (as `{crate}`); say what it holds"


def problems(root, allowed=ALLOWED):
    paths = tracked(root)
    out, used = [], set()
    for path in paths:
        for rule, where, message in check_file(root, path):
            if (path, rule) in allowed:
                used.add((path, rule))
            else:
                out.append(f"{where}: {rule}: {message}")
    out += [f"{where}: {rule}: {message}" for rule, where, message in check_architecture(root, paths)]
    out += [f"{path}: ALLOWED excuses it from {rule!r} without need: remove the entry" for path, rule in allowed.keys() - used]
    return len(paths), out


def self_test():
    """Exit with an error unless each rule finds its case in a repository made for the purpose."""
    # Assembled from halves, so that this file passes its own rules.
    bad = {
        "path.md": "see /ho" + "me/anna/notes",
        "path2.rs": 'open("/wo' + 'rk/main/x")',
        "path3.rs": 'open("/t' + 'mp/x")',
        "host.txt": "from py" + "pi.org",
        "macro.rs": "fn f() { to" + "do!() }",
        "word.py": "# FIX" + "ME later",
        "phrase.md": "enough For No" + "w",
        "Makefile": "# a place" + "holder",
        "long.rs": "//\n" * (LONGEST_RUST_FILE + 1),
        "large.bin": "\0" * (LARGEST_FILE + 1),
        "ARCHITECTURE.md": "names only `matter`, though people learn",
        "crates/learn/src/lib.rs": "",
    }
    good = {
        "crates/matter/src/lib.rs": "// ../shared/data, src/work/x, https://example.org/home/, ~/.cargo, /sys/class/powercap\n",
        "crates/matter/src/data/table.rs": "//\n" * (LONGEST_RUST_FILE + 1),
        "crates/quantum/src/tables/d4.rs": "//\n" * (LONGEST_RUST_FILE + 1),
        "words.txt": "to" + "do!",
        "lints.toml": 'to' + 'do = "deny"',
    }
    with tempfile.TemporaryDirectory() as root:
        subprocess.run(["git", "init", "-q", root], check=True)
        for name, text in {**bad, **good}.items():
            os.makedirs(os.path.dirname(os.path.join(root, name)), exist_ok=True)
            with open(os.path.join(root, name), "w", encoding="utf-8") as file:
                file.write(text)
        subprocess.run(["git", "-C", root, "add", "-A"], check=True)
        _, found = problems(root, {})
        _, excused = problems(root, {("host.txt", "registry host"): "a test", ("words.txt", "file size"): "not needed"})
    named = {line.split(":")[0] for line in found}
    # A crate that is left out is reported at ARCHITECTURE.md.
    wrong = [f"misses {name}" for name in bad if name not in named and not name.startswith("crates/")]
    wrong += [f"flags {name}" for name in good if name in named]
    if [line for line in found if "'matter'" in line] or not [line for line in found if "'learn'" in line]:
        wrong.append("does not tell which crate ARCHITECTURE.md leaves out")
    if any(line.startswith("host.txt") for line in excused) or not any(line.startswith("words.txt") for line in excused):
        wrong.append("does not honour ALLOWED")
    if wrong:
        sys.exit("check_text: self-test failed: it " + "; ".join(wrong))
    print(f"check_text: self-test passed ({len(bad) + len(good) + 1} cases)")


def main():
    parser = argparse.ArgumentParser(description="Check the text of every tracked file.")
    parser.add_argument("--self-test", action="store_true", help="show that each rule can fail")
    if parser.parse_args().self_test:
        self_test()
        return
    count, found = problems(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    for line in found:
        print(f"check_text: {line}", file=sys.stderr)
    if found:
        sys.exit(1)
    print(f"check_text: {count} tracked files are clean")


if __name__ == "__main__":
    main()
