"""MkDocs hook: turns the formulas of a page into MathML while the site is built.

Browsers draw MathML themselves, so the pages need no script, no web font and no network.
pymdownx.arithmatex marks the formulas; a formula that cannot be read fails the build.
"""

import html
import re
from xml.etree import ElementTree

from latex2mathml.converter import convert
from mkdocs.exceptions import PluginError

INLINE = re.compile(r'<span class="arithmatex">\\\((.*?)\\\)</span>', re.S)
DISPLAY = re.compile(r'<div class="arithmatex">\s*\\\[(.*?)\\\]\s*</div>', re.S)

# MathML elements with a fixed number of parts.
PARTS = {"mfrac": 2, "msup": 2, "msub": 2, "munder": 2, "mover": 2, "mroot": 2, "msubsup": 3, "munderover": 3}


def to_mathml(formula, display):
    """The MathML of a LaTeX formula; ValueError where latex2mathml lets a mistake pass."""
    braces = re.sub(r"\\[{}]", "", formula)
    if braces.count("{") != braces.count("}"):
        raise ValueError("its braces do not match")
    mathml = convert(formula, display=display)
    for element in ElementTree.fromstring(mathml).iter():
        name = element.tag.rpartition("}")[2]
        if (element.text or "").startswith("\\"):
            raise ValueError(f"the command {element.text} is not known")
        if len(element) != PARTS.get(name, len(element)):
            raise ValueError(f"an argument is missing ({name} with {len(element)} of {PARTS[name]} parts)")
    return mathml


def on_page_content(content, page, **_):
    def replacement(match, display):
        formula = html.unescape(match.group(1)).strip()
        try:
            return to_mathml(formula, display)
        except Exception as error:
            raise PluginError(f"{page.file.src_path}: cannot read the formula {formula!r}: {error}") from error

    content = DISPLAY.sub(lambda match: replacement(match, "block"), content)
    content = INLINE.sub(lambda match: replacement(match, "inline"), content)
    if 'class="arithmatex"' in content:
        raise PluginError(f"{page.file.src_path}: a formula was left as it stands; write it as $...$ or $$...$$")
    return content
