"""What is public now, as `vlok status` prints it: for people, and for programs in a fixed form."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict

from release.reader import Release


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class DatasetStatus(_Frozen):
    """Age and state of one dataset."""

    peildatum: date | None
    age_days: int | None
    state: str


class ProductStatus(_Frozen):
    """Public objects of one product, and how many have a position."""

    public: int
    located: int


class Status(_Frozen):
    """`release` is the content id of the day."""

    release: str
    day: date
    datasets: dict[str, DatasetStatus]
    products: dict[str, ProductStatus]


def status(release: Release, today: date) -> Status:
    """The status on a day; raises `DayOver` when no run has sealed it."""
    day = max(today, release.days[0])
    manifest = release.edition(day)
    peildata = {entry.dataset: entry.peildatum for entry in release.freshness}
    states = release.states(day)
    return Status(
        release=manifest.content_id,
        day=day,
        datasets={
            name: DatasetStatus(
                peildatum=peildata.get(name), age_days=(day - peildata[name]).days if name in peildata else None, state=state.value
            )
            for name, state in states.items()
        },
        products={name: ProductStatus(public=entry.public, located=entry.located) for name, entry in manifest.products.items()},
    )


def table(current: Status, public_url: str) -> str:
    """A table of what was published and where, for a terminal."""
    lines = [f"Release {current.release[:16]} for {current.day}", ""]
    lines.append(f"{'product':<48} {'public':>9} {'located':>9}  downloads")
    for name, product in current.products.items():
        lines.append(f"{name:<48} {product.public:>9,} {product.located:>9,}  {public_url}/downloads/{name}/")
    lines += ["", f"{'dataset':<48} {'peildatum':>12} {'age':>5}  state"]
    for name, dataset in current.datasets.items():
        age = "-" if dataset.age_days is None else f"{dataset.age_days} d"
        lines.append(f"{name:<48} {dataset.peildatum or '-'!s:>12} {age:>5}  {dataset.state}")
    lines += [
        "",
        f"WFS      {public_url}/wfs?service=WFS&request=GetCapabilities",
        f"OGC API  {public_url}/ogc/features/v1",
        f"pages    {public_url}/",
    ]
    return "\n".join(lines)
