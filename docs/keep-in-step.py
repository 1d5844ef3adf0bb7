"""Keeps a copy in step, lawfully: python keep-in-step.py https://data.example.org Conformiteitsattest copy.sqlite (changes.md)."""

import json
import sqlite3
import sys
from urllib.error import HTTPError
from urllib.request import urlopen

url, product, copy = sys.argv[1].rstrip("/"), sys.argv[2], sqlite3.connect(sys.argv[3])
copy.execute("CREATE TABLE IF NOT EXISTS feature (id TEXT PRIMARY KEY, json TEXT)")
copy.execute("CREATE TABLE IF NOT EXISTS state (sequence INTEGER, release TEXT)")
sequence, release = copy.execute("SELECT sequence, release FROM state").fetchone() or (None, None)


def get(address):
    """The text at an address; raises HTTPError."""
    return urlopen(address, timeout=60).read().decode()


# 1. What happened since the last time. 410: the feed does not go back that far.
try:
    feed, lost = json.loads(get(f"{url}/wijzigingen.json" + (f"?since={sequence}" if sequence else ""))), not sequence
except HTTPError as error:
    if error.code != 410:
        raise
    feed, lost = json.loads(get(f"{url}/wijzigingen.json")), True
now, told = feed["products"].get(product, {"withdrawn": True}), [entry["products"].get(product, {}) for entry in feed["entries"]]
emptied = now["withdrawn"] or any(each.get("withdrawn") for each in told)
with copy:  # 2. Removals first, so that they are done whatever goes wrong after them; a withdrawn product goes as a whole.
    copy.executemany("DELETE FROM feature WHERE id = ?", [(str(gone),) for each in told for gone in each.get("gone", ())])
    copy.execute("DELETE FROM feature WHERE ?", (emptied,))
try:
    if lost and not emptied:  # 3. No entry tells what went: compare with the full list of ids.
        held, public = copy.execute("SELECT id FROM feature").fetchall(), set(get(now["ids"]).split())
        copy.executemany("DELETE FROM feature WHERE id = ?", [row for row in held if row[0] not in public])
        copy.commit()
    page, found = f"{url}/ogc/features/v1/collections/{product}/items?f=json&limit=1000", []  # 4. All that came or changed.
    while page and not now["withdrawn"] and (emptied or feed["release"] != release):
        answer = json.loads(get(page))
        found += [(str(each["properties"][now["key"]]), json.dumps(each)) for each in answer["features"]]
        page = next((link["href"] for link in answer["links"] if link["rel"] == "next"), None)
except HTTPError as error:
    if error.code != 503:
        raise
    now["withdrawn"], page, found = True, None, []  # Withdrawn since the feed was read.
with copy:  # 5. Keep them, and how far we are.
    copy.execute("DELETE FROM feature WHERE ?", (page is None,))
    copy.executemany("INSERT INTO feature VALUES (?, ?)", found)
    copy.execute("DELETE FROM state")
    copy.execute("INSERT INTO state VALUES (?, ?)", (feed["sequence"], None if now["withdrawn"] else feed["release"]))
