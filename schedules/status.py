"""What is public now, as a table for a terminal."""

from __future__ import annotations

from publish.status import Status


def table(current: Status, public_url: str) -> str:
    """A table of what was published and where, for a terminal."""
    lines = [f"Release {current.release[:16]} for {current.day}", ""]
    lines.append(f"{'product':<48} {'public':>9} {'located':>9}")
    for name, product in current.products.items():
        lines.append(f"{name:<48} {product.public:>9,} {product.located:>9,}")
    lines += ["", f"{'dataset':<48} {'peildatum':>12} {'age':>5}  state"]
    for name, dataset in current.datasets.items():
        age = "-" if dataset.age_days is None else f"{dataset.age_days} d"
        lines.append(f"{name:<48} {dataset.peildatum or '-'!s:>12} {age:>5}  {dataset.state.value}")
    lines += [
        "",
        f"WFS      {public_url}/wfs?service=WFS&request=GetCapabilities",
        f"OGC API  {public_url}/ogc/features/v1",
        f"pages    {public_url}/",
    ]
    return "\n".join(lines)
