"""What a person sees on the map: pixels of a colour, and where they are."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Page, expect

GREEN, RED, VIOLET = "#00695c", "#c62828", "#4527a0"
"""Colours of certificates, decisions and claims."""
RING = "#b35900"
"""Colour of what marks the chosen object."""

_BROKEN = r"""selector => {
  const broken = [], range = document.createRange();
  const walker = document.createTreeWalker(document.querySelector(selector), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) for (const { 0: word, index } of walker.currentNode.data.matchAll(/[\p{L}\d]+/gu)) {
    range.setStart(walker.currentNode, index);
    range.setEnd(walker.currentNode, index + word.length);
    if (new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1) broken.push(word);
  }
  return broken;
}"""

_FIND = """([red, green, blue]) => {
  const found = [];
  for (const canvas of document.querySelectorAll("#map canvas")) {
    const box = canvas.getBoundingClientRect();
    if (!canvas.width || !box.width) continue;
    const { data, width, height } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) {
      const at = 4 * (y * width + x);
      if (data[at] === red && data[at + 1] === green && data[at + 2] === blue && data[at + 3] === 255)
        found.push([box.left + (x + 0.5) * box.width / width, box.top + (y + 0.5) * box.height / height]);
    }
  }
  return found;
}"""


@dataclass(frozen=True)
class Seen:
    """The pixels of one colour on the map, as places in the window."""

    places: list[tuple[float, float]]

    @property
    def middle(self) -> tuple[float, float]:
        """The pixel in the middle of them all."""
        x, y = (sum(place[axis] for place in self.places) / len(self.places) for axis in (0, 1))
        nearest = min(self.places, key=lambda place: (place[0] - x) ** 2 + (place[1] - y) ** 2)
        return nearest

    @property
    def box(self) -> tuple[float, float, float, float]:
        """West, north, east and south of them all."""
        xs, ys = zip(*self.places, strict=True)
        return min(xs), min(ys), max(xs), max(ys)

    def nearest(self, x: float, y: float) -> tuple[float, float]:
        """The pixel nearest to a place."""
        return min(self.places, key=lambda place: (place[0] - x) ** 2 + (place[1] - y) ** 2)


def seen(page: Page, colour: str) -> Seen:
    """The pixels of a colour on the map now."""
    rgb = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    return Seen([tuple(place) for place in page.evaluate(_FIND, rgb)])


def broken_words(page: Page, selector: str) -> list[str]:
    """The words in an element that stand on two lines."""
    return list(page.evaluate(_BROKEN, selector))


def drawn(page: Page) -> None:
    """Wait until the map has been still for a moment."""
    page.locator("#map[data-drawn]").wait_for()
    before = ""
    while before != (before := page.locator("#map").get_attribute("data-drawn") or ""):
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(300)


def choose(page: Page, municipality: str, said: str = "") -> None:
    """Choose a municipality by its name, and wait for its count, or what is `said` instead."""
    page.get_by_label("Gemeente", exact=True).select_option(label=municipality)
    expect(page.locator("#total")).to_contain_text(said or f"in {municipality}")
    drawn(page)
