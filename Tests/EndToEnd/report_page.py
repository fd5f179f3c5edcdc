"""Opens a scenario's report in a real browser, and asks of it what a reader would."""
import html
import json
import os
import re
import shutil
import subprocess
import tempfile
from html.parser import HTMLParser

BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
PHONE, SMALL_PHONE, DESK = 390, 360, 1280


def browser():
    for name in BROWSERS:
        if path := shutil.which(name):
            return path
    raise AssertionError(f"no browser to open the report in (looked for {', '.join(BROWSERS)}): "
                         "run Scripts/setup --browser")


def run(*arguments):
    """The browser's standard output. As root it has to run without its sandbox; the pages are our own."""
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory() as profile:
        result = subprocess.run(
            [browser(), "--headless=new", *sandbox, "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
             f"--user-data-dir={profile}", *arguments],
            capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stderr[-2000:]
    return result.stdout


def dom(path):
    """The document as the browser understood it."""
    return run("--dump-dom", f"file://{os.path.abspath(path)}")


FRAME = """<!DOCTYPE html><meta charset="utf-8"><body><iframe id="page" width="{width}" height="900" srcdoc="{page}"></iframe>
<script>
const frame = document.getElementById("page");
frame.onload = () => setTimeout(() => {{
  const page = frame.contentDocument, root = page.documentElement;
  const within = element => element.closest(".scroll, pre, svg") && !element.matches(".scroll, pre");
  const wide = [...page.body.querySelectorAll("*")].filter(element =>
    !within(element) && !element.matches(".skip") && element.getBoundingClientRect().right > root.clientWidth + 0.5);
  const shown = [...page.querySelectorAll("figure > svg")].filter(picture => picture.getBoundingClientRect().width > 0);
  const letters = shown.flatMap(picture => [...picture.querySelectorAll("text")]).map(
    text => parseFloat(page.defaultView.getComputedStyle(text).fontSize) * text.getScreenCTM().a);
  const report = {{
    width: root.clientWidth, scroll: root.scrollWidth, wide: wide.map(element => element.outerHTML.slice(0, 120)),
    pictures: shown.length, smallest: letters.length ? Math.min(...letters) : null}};
  document.body.innerHTML = "<pre id='answer'></pre>";
  document.getElementById("answer").textContent = JSON.stringify(report);
}}, 50);
</script>"""


def layout(path, width):
    """How the page lies at a width: its own width and what it would scroll to, elements that stick out, pictures shown,
    and the smallest letter of a picture, in pixels. In a frame, because a browser's window has a least width."""
    with open(path, encoding="utf-8") as file:
        page = html.escape(file.read())
    with tempfile.TemporaryDirectory() as folder:
        frame = os.path.join(folder, "frame.html")
        with open(frame, "w", encoding="utf-8") as file:
            file.write(FRAME.format(width=width, page=page))
        answer = re.search(r'<pre id="answer">(.*?)</pre>', run("--virtual-time-budget=5000", "--dump-dom", f"file://{frame}"),
                           re.DOTALL)
    assert answer, "the page did not load in the browser"
    return json.loads(html.unescape(answer[1]))


class Inventory(HTMLParser):
    """What a document holds: pictures with a name for those who cannot see them, tables with headings, and the rest."""

    def __init__(self, text):
        super().__init__()
        self.pictures, self.tables, self.headings, self.scripts, self.sources = [], 0, [], 0, []
        self.header_cells = 0
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "svg" and attributes.get("role") == "img":
            self.pictures.append(attributes.get("aria-labelledby") or attributes.get("aria-label"))
        self.tables += tag == "table"
        self.header_cells += tag == "th" and "scope" in attributes
        self.scripts += tag == "script"
        if tag in ("h1", "h2", "h3"):
            self.headings.append(tag)
        self.sources += [value for name, value in attributes.items()
                         if name in ("src", "href", "srcset", "data") and not (value or "").startswith("#")]


def check(path, queries=True):
    """Fails, with the reason, unless the report is whole, readable on a phone, and depends on nothing else."""
    document = dom(path)
    found = Inventory(document)
    assert found.headings.count("h1") == 1 and found.headings.count("h2") == 7, found.headings
    assert any("topology" in (name or "") for name in found.pictures), "the parties are not drawn"
    assert all(found.pictures), "a picture has no name for readers who cannot see it"
    if queries:
        assert any("flow" in name for name in found.pictures), "no query's releases are drawn"
        assert 'class="result"' in document, "no result table"
        assert 'class="sql"' in document, "no query text"
    assert found.tables > 0 and found.header_cells > found.tables, "tables without headings"
    assert found.scripts == 0 and found.sources == [], f"the report refers to {found.sources}"
    for width in (SMALL_PHONE, PHONE, DESK):
        seen = layout(path, width)
        assert seen["scroll"] <= seen["width"] and not seen["wide"], f"at {width} px: {seen}"
        assert seen["pictures"] > 0 and seen["smallest"] >= 8, f"at {width} px the pictures cannot be read: {seen}"
    return found
