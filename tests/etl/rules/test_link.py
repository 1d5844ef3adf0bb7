"""Links are made whole or dropped."""

from __future__ import annotations

import pytest

from etl.rules.link import CODES, LONGEST, clean

GOOD = {
    "https://www.stad.be/reglement": "https://www.stad.be/reglement",
    "http://www.stad.be": "http://www.stad.be",
    "www.stad.be/a?b=c#d": "https://www.stad.be/a?b=c#d",
    "  www.stad.be/a\n": "https://www.stad.be/a",
    "//www.stad.be/a": "https://www.stad.be/a",
    "HTTPS://WWW.Stad.BE/A": "https://www.stad.be/A",
    "www.stad.be:8080/a": "https://www.stad.be:8080/a",
    "www.stad.be/.../Retributie_2017_2019": "https://www.stad.be/.../Retributie_2017_2019",
    "www.stad.be/a%20b~c,d;e": "https://www.stad.be/a%20b~c,d;e",
    "www.stad.be/café?q=ü": "https://www.stad.be/caf%C3%A9?q=%C3%BC",
    "één.be/a": "https://xn--n-9faa.be/a",
}

BAD = {
    "link.characters": [
        "www.stad.be/reglement (2018-02)",
        "www.stad.be/a\tb",
        "www.stad.be/\u202ea",
        "www.stad.be/a%0d%0ab",
        "https://www.stad.be\\@elders.be",
        "www.stad.be/<b>",
        'www.stad.be/"',
    ],
    "link.scheme": ["ftp://www.stad.be/a", "javascript:alert(1)", "data:text/html,a", "file:///etc/hosts"],
    "link.credentials": ["https://iemand@host/", "https://a:b@host/"],
    "link.host": [
        "",
        "https://",
        "https:///a",
        "localhost:80",
        "http://localhost/",
        "reglement",
        "https://10.0.0.1/a",
        "https://[::1]/",
        "https://[a/",
        "https://www..be/",
        "https://-a.be/",
        "https://www.stad.be:99999/",
        "https://www.stad.be:a/",
        "https://" + "a" * 64 + ".be/",
    ],
    "link.length": ["https://www.stad.be/" + "a" * LONGEST, "https://www.stad.be/" + "é" * 100],
    "personal.email": ["mailto:iemand@voorbeeld.be", "iemand@voorbeeld.be", "https://a:b@voorbeeld.be/"],
    "personal.insz": ["www.stad.be/85073003328"],
}


@pytest.mark.parametrize("link", GOOD)
def test_a_good_link_is_made_whole_and_stays_so(link: str) -> None:
    assert clean(link) == (GOOD[link], None)
    assert clean(GOOD[link]) == (GOOD[link], None)


@pytest.mark.parametrize(("code", "link"), [(code, link) for code, links in BAD.items() for link in links])
def test_a_bad_link_is_dropped_with_its_code(code: str, link: str) -> None:
    assert clean(link) == (None, code)


def test_every_code_is_given_by_some_link() -> None:
    assert set(CODES) <= set(BAD)


def test_the_longest_link_is_kept_whole() -> None:
    link = "https://www.stad.be/".ljust(LONGEST, "a")
    assert clean(link) == (link, None)
