#!/usr/bin/env python3
"""Check that every crate of the dependency tree has a licence that Joulery may link.

Reads `cargo metadata --locked --format-version 1`, so every platform and every feature
that the lock file can bring in is covered, not only what this machine builds. An SPDX
expression passes when its alternatives can be chosen so that each licence that remains
is on ALLOWED. Python standard library only.

    check_licences.py               check; exit 1 and name each crate that fails
    check_licences.py --list        print the full list as a Markdown table
    check_licences.py --metadata F  read a saved metadata file instead of calling cargo
    check_licences.py --self-test   show that the check refuses what it must refuse
"""

import argparse
import json
import re
import signal
import subprocess
import sys

# Each licence with why it may be linked into a program under MIT OR Apache-2.0.
PERMISSIVE = "permissive: asks for its notice only"
ALLOWED = {
    "MIT": PERMISSIVE,
    "MIT-0": "permissive: asks for nothing",
    "Apache-2.0": PERMISSIVE,
    "Apache-2.0 WITH LLVM-exception": "Apache-2.0 with an additional permission",
    "BSD-2-Clause": PERMISSIVE,
    "BSD-3-Clause": PERMISSIVE,
    "ISC": PERMISSIVE,
    "Zlib": PERMISSIVE,
    "BSL-1.0": PERMISSIVE,
    "Unicode-3.0": "permissive: licence of the Unicode tables",
    "Unicode-DFS-2016": "permissive: earlier licence of the Unicode tables",
    "0BSD": "permissive: asks for nothing",
    "CC0-1.0": "dedicated to the public domain",
    "Unlicense": "dedicated to the public domain",
    "MPL-2.0": "copyleft by file: unmodified files may be linked with code under any licence, "
    "and Joulery changes no file of a dependency",
}

# Crates whose manifest names no licence: name and version -> (SPDX expression, where it was read).
# Empty is the wish. An entry that nothing uses any more is an error, so the list cannot rot.
STATED: dict[tuple[str, str], tuple[str, str]] = {}

TOKEN = re.compile(r"\s*(\(|\)|/|[A-Za-z0-9.+:-]+)")


class LicenceError(ValueError):
    """An expression that is not SPDX."""


def tokens(expression):
    found, at = [], 0
    expression = expression.rstrip()
    while at < len(expression):
        match = TOKEN.match(expression, at)
        if match is None:
            raise LicenceError(f"cannot read {expression[at:]!r}")
        # The slash is cargo's spelling of OR from before SPDX.
        found.append("OR" if match.group(1) == "/" else match.group(1))
        at = match.end()
    return found


def refused(expression, allowed=ALLOWED):
    """The licences that stand in the way of `expression`; empty when it is satisfied."""
    rest = tokens(expression)

    def alternatives():
        # OR binds weakest: one satisfied alternative is enough.
        options = [conjunction()]
        while rest and rest[0] == "OR":
            rest.pop(0)
            options.append(conjunction())
        return [] if [] in options else sum(options, [])

    def conjunction():
        missing = atom()
        while rest and rest[0] == "AND":
            rest.pop(0)
            missing = missing + atom()
        return missing

    def atom():
        if not rest:
            raise LicenceError("ends where a licence should stand")
        word = rest.pop(0)
        if word == "(":
            missing = alternatives()
            if not rest or rest.pop(0) != ")":
                raise LicenceError("a parenthesis is not closed")
            return missing
        if word in (")", "AND", "OR", "WITH"):
            raise LicenceError(f"{word!r} stands where a licence should")
        if rest and rest[0] == "WITH":
            rest.pop(0)
            if not rest:
                raise LicenceError("no exception after WITH")
            word = f"{word} WITH {rest.pop(0)}"
        return [] if word in allowed else [word]

    missing = alternatives()
    if rest:
        raise LicenceError(f"{rest[0]!r} was not expected")
    return missing


def licence_of(package, stated):
    """The SPDX expression of a package, or None."""
    if package.get("license"):
        return package["license"]
    return stated.get((package["name"], package["version"]), (None, None))[0]


def problems(metadata, stated=STATED):
    """One line for each crate that may not be linked, and for each entry of STATED without use."""
    out = []
    for package in metadata["packages"]:
        name = f"{package['name']} {package['version']}"
        expression = licence_of(package, stated)
        if expression is None:
            hint = package.get("license_file") or "no licence file either"
            out.append(f"{name}: its manifest names no licence ({hint}); read it, then add it to STATED")
            continue
        try:
            missing = refused(expression)
        except LicenceError as error:
            out.append(f"{name}: licence {expression!r} is not an SPDX expression: {error}")
            continue
        if missing:
            out.append(f"{name}: licence {expression!r} needs {', '.join(missing)}, which is not on the allow list")
    silent = {(p["name"], p["version"]) for p in metadata["packages"] if not p.get("license")}
    for name, version in sorted(set(stated) - silent):
        out.append(f"STATED lists {name} {version}, which needs no entry (any more): remove it")
    return out


def cargo_metadata():
    command = ["cargo", "metadata", "--locked", "--format-version", "1"]
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    except FileNotFoundError:
        sys.exit("check_licences: cargo was not found; scripts/setup says what to install")
    if done.returncode != 0:
        sys.exit(f"check_licences: {' '.join(command)} failed with exit code {done.returncode}")
    return json.loads(done.stdout)


def print_list(metadata):
    print("| crate | version | licence | source |")
    print("| --- | --- | --- | --- |")
    for package in sorted(metadata["packages"], key=lambda p: (p["name"], p["version"])):
        if package["source"] is None:
            continue
        expression = licence_of(package, STATED) or "not stated"
        print(f"| {package['name']} | {package['version']} | {expression} | {package.get('repository') or ''} |")


def self_test():
    """Exit with an error unless bad trees are refused and good ones pass."""

    def tree(licence, name="fake"):
        return {"packages": [{"name": name, "version": "1.0.0", "license": licence, "source": "registry"}]}

    good = [
        "MIT",
        "MIT/Apache-2.0",
        "Apache-2.0 / MIT",
        "MIT OR GPL-3.0-only",
        "MIT OR Apache-2.0 OR LGPL-2.1-or-later",
        "(MIT OR Apache-2.0) AND Unicode-3.0",
        "Apache-2.0 WITH LLVM-exception OR GPL-2.0-only",
        "(GPL-2.0-only AND MIT) OR ISC",
    ]
    bad = [
        "GPL-3.0-or-later",
        "LGPL-3.0-or-later",
        "AGPL-3.0-only",
        "MIT AND GPL-3.0-only",
        "(MIT OR Apache-2.0) AND LGPL-2.1-only",
        "GPL-2.0-only WITH Classpath-exception-2.0",
        "GPL-2.0-only OR SSPL-1.0",
        "MIT OR",
        "(MIT",
        "MIT MIT",
        "MIT & ISC",
        "",
        None,
    ]
    wrong = [f"accepts {licence!r}" for licence in bad if not problems(tree(licence), {})]
    wrong += [f"refuses {licence!r}" for licence in good if problems(tree(licence), {})]
    known = {("fake", "1.0.0"): ("MIT", "its LICENSE file")}
    if problems(tree(None), known):
        wrong.append("does not honour STATED")
    if not problems(tree("MIT"), known):
        wrong.append("keeps an entry of STATED that nothing uses")
    if not problems(tree(None), {("fake", "1.0.0"): ("GPL-3.0-only", "its LICENSE file")}):
        wrong.append("accepts a GPL licence from STATED")
    if wrong:
        sys.exit("check_licences: self-test failed: it " + "; ".join(wrong))
    print(f"check_licences: self-test passed ({len(good) + len(bad) + 3} cases)")


def main():
    parser = argparse.ArgumentParser(description="Check the licences of every linked crate.")
    parser.add_argument("--list", action="store_true", help="print the full list as a Markdown table")
    parser.add_argument("--metadata", metavar="FILE", help="a saved `cargo metadata` output")
    parser.add_argument("--self-test", action="store_true", help="show that the check can fail")
    arguments = parser.parse_args()
    if arguments.self_test:
        self_test()
        return
    if arguments.metadata:
        with open(arguments.metadata, encoding="utf-8") as file:
            metadata = json.load(file)
    else:
        metadata = cargo_metadata()
    if arguments.list:
        # The list is long and often piped into a pager or `head`.
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        print_list(metadata)
        return
    found = problems(metadata)
    for line in found:
        print(f"check_licences: {line}", file=sys.stderr)
    if found:
        sys.exit(1)
    print(f"check_licences: {len(metadata['packages'])} crates, every licence is on the allow list")


if __name__ == "__main__":
    main()
