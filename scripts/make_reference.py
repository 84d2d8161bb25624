#!/usr/bin/env python3
"""Write the reference pages that follow from the program itself.

    make_reference.py            write docs/reference/campaign-file.md (from `joulery schema`) and
                                 docs/reference/command-line.md (from `joulery COMMAND --help`)
    make_reference.py --check    write nothing; exit 1 and name each page that differs
    make_reference.py --joulery PATH    the program to ask (default: target/release/joulery)

Python standard library only.
"""

import argparse
import difflib
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGES = ROOT / "docs" / "reference"
MADE = "<!-- Made by scripts/make_reference.py from the program itself: do not edit. -->"

CAMPAIGN_INTRO = """\
# Campaign file

A campaign is one [TOML](https://toml.io) file. `joulery schema` prints its JSON schema, from which this page is made; an editor that knows
JSON schemas completes and checks the file with it. A key that does not exist is an error, which names
the line and the nearest key that does. Paths are relative to the folder of the campaign file.

The smallest file that runs:

```toml
name = "first"
budget = "200 J"
method = "gfn2"

[objective]
property = "homo_lumo_gap"
goal = "minimise"

[space]
kind = "library"
file = "molecules.smi"
```

In the tables below, *required* marks a key that must be there. A default of *none* means that leaving the key out sets no such
limit, or does what the last column says.
"""

COMMANDS_INTRO = """\
# Command line

Each command prints for people, and with `--json` for programs. Results go to standard output; progress and messages go to
standard error. The [exit codes](exit-codes.md) are the same for all commands. This page is what `--help` says.
"""

# Properties are no part of the schema: which there are depends on the method.
OBJECTIVE_NOTE = """\
With `gfn2` the property is one of the recipes that `joulery doctor` lists: `energy` (hartree), `homo_lumo_gap` (eV), `dipole` (D),
`reduction_energy` (eV). With `table:FILE.csv` it is the name of a numeric column.
"""


class Failed(Exception):
    """Something that the user can mend."""


def ask(program, *arguments):
    """What the program prints, as it would without a terminal of 100 columns."""
    environment = {**os.environ, "COLUMNS": "100", "NO_COLOR": "1"}
    try:
        answer = subprocess.run(
            [program, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            text=True,
            check=False,
        )
    except OSError as error:
        raise Failed(f"{program} cannot be started ({error.strerror}): build it with `make build`") from error
    if answer.returncode != 0:
        raise Failed(f"`{program} {' '.join(arguments)}` ended with code {answer.returncode}:\n{answer.stderr}")
    return answer.stdout


def sentence(text):
    """A doc comment as one line of Markdown that fits into a table."""
    text = re.sub(r"\[(`[^`]+`)\](?!\()", r"\1", text)
    return " ".join(text.split()).replace("|", "\\|")


def literal(value):
    """A value as TOML writes it."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{k} = {literal(v)}" for k, v in value.items()) + " }" if value else "{}"
    if isinstance(value, list):
        return "[" + ", ".join(map(literal, value)) + "]"
    return json.dumps(value)


class CampaignPage:
    """Walks the schema, one section for each table of the file."""

    def __init__(self, schema):
        self.schema = schema
        self.lines = []

    def resolve(self, field):
        """The field with its reference followed, and whether it may be left out."""
        options = [o for o in field.get("anyOf", []) if o.get("type") != "null"]
        if len(options) == 1:
            return self.resolve({**options[0], "description": field.get("description", "")})
        if "$ref" in field:
            target = self.schema["$defs"][field["$ref"].rsplit("/", 1)[1]]
            return {**target, **{k: v for k, v in field.items() if k != "$ref"}}
        return field

    def kind(self, field):
        """What may stand behind the key, in words."""
        field = self.resolve(field)
        if "oneOf" in field:
            return " or ".join(self.kind(o) for o in field["oneOf"])
        if "const" in field:
            return f"`{literal(field['const'])}`"
        types = field.get("type")
        types = [t for t in (types if isinstance(types, list) else [types]) if t != "null"]
        if types == ["array"]:
            inner = self.resolve(field["items"])
            if field.get("minItems") is not None and field.get("minItems") == field.get("maxItems"):
                return f"list of {field['minItems']}: {self.kind(inner)}"
            return f"list of {self.kind(inner)}"
        if types == ["object"]:
            return f"`{self.shape(field)}`"
        names = {"string": "text", "integer": "whole number", "number": "number", "boolean": "`true` or `false`"}
        if len(types) != 1 or types[0] not in names:
            raise Failed(f"the schema has a type that this script does not know: {field}")
        return names[types[0]]

    def default(self, name, field, table):
        if name in table.get("required", []):
            return "*required*"
        if "default" in field:
            return f"`{literal(field['default'])}`"
        return "*none*"

    def is_section(self, field):
        """Whether the key is a table of its own, or an array of them."""
        field = self.resolve(field)
        if field.get("type") == "array":
            return self.resolve(field["items"]).get("type") == "object"
        tagged = any("kind" in o.get("properties", {}) for o in field.get("oneOf", []))
        return tagged or field.get("type") == "object"

    def table(self, table, path, skip=()):
        """The keys of one table; then, at any depth, its tables."""
        depth = "##" if not path else "####"
        plain, sections = [], []
        for name, field in table["properties"].items():
            if name in skip:
                continue
            # An optional inline table (a range) stays in its row.
            inline = "anyOf" in field or not self.is_section(field)
            (plain if inline else sections).append((name, field))
        if plain:
            self.lines += ["| key | value | default | meaning |", "| --- | --- | --- | --- |"]
            for name, field in plain:
                meaning = sentence(self.resolve(field).get("description", ""))
                row = [f"`{name}`", self.kind(field).replace("|", "\\|"), self.default(name, field, table), meaning]
                self.lines.append("| " + " | ".join(row) + " |")
            self.lines.append("")
            self.choices(plain)
        for name, field in sections:
            here = [*path, name]
            full = self.resolve(field)
            repeated = full.get("type") == "array"
            heading = f"[[{'.'.join(here)}]]" if repeated else f"[{'.'.join(here)}]"
            self.lines += [f"{depth} `{heading}`", "", sentence(full.get("description", "")), ""]
            if repeated:
                self.table(self.resolve(full["items"]), here)
            elif "oneOf" in full:
                for option in full["oneOf"]:
                    tag = option["properties"]["kind"]["const"]
                    self.lines += [f'{depth}# `kind = "{tag}"`', "", sentence(option["description"]), ""]
                    self.table(option, here, skip=("kind",))
            else:
                self.table(full, here)
            if here == ["objective"]:
                self.lines += [OBJECTIVE_NOTE]

    def choices(self, fields):
        """What each word of a fixed list means."""
        for name, field in fields:
            options = self.resolve(field).get("oneOf", [])
            if not options:
                continue
            self.lines += [f"Values of `{name}`:", ""]
            for option in options:
                shown = self.kind(option) if "const" in option else f"`{self.shape(option)}`"
                self.lines.append(f"- {shown}: {sentence(option.get('description', ''))}")
            self.lines.append("")

    def shape(self, option):
        """`{ range = { low = number, high = number } }`"""
        inner = (f"{k} = {self.kind(v).strip('`')}" for k, v in option["properties"].items())
        return f"{{ {', '.join(inner)} }}"

    def text(self):
        self.lines = [CAMPAIGN_INTRO, MADE, "", "## Top level", ""]
        self.table(self.schema, [])
        return "\n".join(self.lines).rstrip() + "\n"


def command_page(program):
    top = ask(program, "--help")
    listed = top.split("Commands:\n", 1)[1].split("\n\n", 1)[0]
    commands = [line.split()[0] for line in listed.splitlines()]
    parts = [COMMANDS_INTRO, MADE, "", "## joulery", "", "```text", top.rstrip(), "```"]
    for command in commands:
        if command != "help":
            parts += ["", f"## joulery {command}", "", "```text", ask(program, command, "--help").rstrip(), "```"]
    return "\n".join(line.rstrip() for line in "\n".join(parts).splitlines()) + "\n"


def main():
    parser = argparse.ArgumentParser(description="Write the reference pages that follow from the program itself.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail when a page differs")
    parser.add_argument("--joulery", default=str(ROOT / "target" / "release" / "joulery"), help="the program to ask")
    arguments = parser.parse_args()
    pages = {
        "campaign-file.md": CampaignPage(json.loads(ask(arguments.joulery, "schema"))).text(),
        "command-line.md": command_page(arguments.joulery),
    }
    stale = False
    for name, text in pages.items():
        path = PAGES / name
        committed = path.read_text(encoding="utf-8") if path.exists() else ""
        if arguments.check and committed != text:
            stale = True
            print(f"make_reference: docs/reference/{name} differs; run scripts/make_reference.py", file=sys.stderr)
            sys.stderr.writelines(
                difflib.unified_diff(committed.splitlines(True), text.splitlines(True), "committed", "program", n=0)
            )
        elif not arguments.check:
            PAGES.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    if stale:
        sys.exit(1)
    print(f"make_reference: {len(pages)} pages {'are up to date' if arguments.check else 'written'}")


if __name__ == "__main__":
    try:
        main()
    except Failed as failure:
        sys.exit(f"make_reference: {failure}")
