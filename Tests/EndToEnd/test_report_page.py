"""The report's page check finds what it is for: a check that lets everything pass would be worse than none."""
import pytest

import report_page

GOOD = """<!DOCTYPE html><html lang="en"><meta charset="utf-8"><style>svg {width: 100%} .narrow {display: none}</style>
<body><h1>Title</h1>""" + "<h2>Section</h2>" * 7 + """
<figure><svg viewBox="0 0 300 50" role="img" aria-labelledby="topology-wide-title"><title id="topology-wide-title">T</title>
<text x="1" y="20" font-size="12">Acme</text></svg></figure>
<figure><svg viewBox="0 0 300 50" role="img" aria-labelledby="query-1-flow-title"><title id="query-1-flow-title">T</title>
<text x="1" y="20" font-size="12">Acme</text></svg></figure>
<pre class="sql">SELECT 1</pre><div class="scroll" style="overflow-x: auto"><table class="result"><tr><th scope="col">a</th>
<th scope="col">b</th></tr></table></div>"""


def write(tmp_path, text):
    path = tmp_path / "report.html"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_good_page_passes(tmp_path):
    assert report_page.check(write(tmp_path, GOOD)).tables == 1


@pytest.mark.parametrize("change, complaint", [
    (lambda page: page.replace("topology-wide-title", "other"), "not drawn"),
    (lambda page: page.replace("query-1-flow-title", "other"), "no query's releases"),
    (lambda page: page.replace('class="result"', ""), "no result table"),
    (lambda page: page.replace(' scope="col"', ""), "without headings"),
    (lambda page: page + "<script>1</script>", "refers to"),
    (lambda page: page + '<img src="https://example.invalid/x.png" alt="">', "refers to"),
    (lambda page: page + '<div style="width: 500px">wide</div>', "at 360 px"),
    (lambda page: page.replace('font-size="12"', 'font-size="5"'), "cannot be read"),
    (lambda page: page.replace('"img" aria-labelledby="query-1-flow-title"', '"img"'), "no name"),
])
def test_a_bad_page_is_caught(tmp_path, change, complaint):
    with pytest.raises(AssertionError, match=complaint):
        report_page.check(write(tmp_path, change(GOOD)))


def test_a_missing_browser_names_the_remedy(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(AssertionError, match="Scripts/setup --browser"):
        report_page.browser()
