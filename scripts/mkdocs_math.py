"""MkDocs hook: turns the formulas of a page into MathML while the site is built.

Browsers draw MathML themselves, so the pages need no script, no web font and no network.
pymdownx.arithmatex marks the formulas; a formula that cannot be read fails the build.
"""

import html
import re

from latex2mathml.converter import convert
from mkdocs.exceptions import PluginError

INLINE = re.compile(r'<span class="arithmatex">\\\((.*?)\\\)</span>', re.S)
DISPLAY = re.compile(r'<div class="arithmatex">\s*\\\[(.*?)\\\]\s*</div>', re.S)


def on_page_content(content, page, **_):
    def to_mathml(match, display):
        formula = html.unescape(match.group(1)).strip()
        try:
            return convert(formula, display=display)
        except Exception as error:
            raise PluginError(f"{page.file.src_path}: cannot read the formula {formula!r}: {error!r}") from error

    content = DISPLAY.sub(lambda match: to_mathml(match, "block"), content)
    content = INLINE.sub(lambda match: to_mathml(match, "inline"), content)
    if 'class="arithmatex"' in content:
        raise PluginError(f"{page.file.src_path}: a formula was left as it stands; write it as $...$ or $$...$$")
    return content
