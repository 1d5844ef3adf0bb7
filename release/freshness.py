"""State of a dataset on a day, and whether a question touches one that is withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from release.errors import Withdrawn
from release.predicate import And, Compare, In, Operator, Predicate
from release.schema import Dataset, DatasetState, FeatureType, Freshness, Schema

_EXPECTED_AGE = {"daily": 1, "monthly": 31}


def state(dataset: Dataset, freshness: Freshness | None, day: date) -> DatasetState:
    """Withdrawn by hand, by age or because nothing was ever accepted (CONTRACT A.4); else held, stale or current."""
    if freshness is None or freshness.withdrawn:
        return DatasetState.WITHDRAWN
    age = (day - freshness.peildatum).days
    if age > dataset.withdraw_after_days:
        return DatasetState.WITHDRAWN
    if freshness.held:
        return DatasetState.HELD
    return DatasetState.STALE if age > _EXPECTED_AGE[dataset.cadence] else DatasetState.CURRENT


def withdrawals(schema: Schema, freshness: Mapping[str, Freshness], day: date) -> dict[str, date | None]:
    """The products that are not public on a day, with the first day of it: that of the dataset that went first; null when nobody knows."""
    datasets = {
        dataset.id: _begin(dataset, freshness.get(dataset.id), day)
        for dataset in schema.datasets
        if state(dataset, freshness.get(dataset.id), day) is DatasetState.WITHDRAWN
    }
    products = {product.id: [datasets[name] for name in product.datasets if name in datasets] for product in schema.products}
    return {name: min((begin for begin in begins if begin), default=None) for name, begins in products.items() if begins}


def _begin(dataset: Dataset, freshness: Freshness | None, day: date) -> date | None:
    """CONTRACT A.4: by hand or by age, whichever came first."""
    if freshness is None:
        return None
    too_old = freshness.peildatum + timedelta(days=dataset.withdraw_after_days + 1)
    by_hand = freshness.withdrawn_on if freshness.withdrawn else None
    return min((begin for begin in (by_hand, too_old) if begin is not None and begin <= day), default=None)


def reason(dataset: Dataset, freshness: Freshness | None, day: date) -> str:
    """Why a dataset is withdrawn, in words for the public (Dutch, then English)."""
    if freshness is None:
        return f"{dataset.title.nl}: nog niet geleverd / not delivered yet"
    if freshness.withdrawn:
        return f"{dataset.title.nl}: ingetrokken door de beheerder / withdrawn by the operator"
    return (
        f"{dataset.title.nl}: laatste aanvaarde levering is van {freshness.peildatum}, te oud om te tonen / "
        f"the last accepted delivery is of {freshness.peildatum}, too old to show on {day}"
    )


def admitted(predicate: Predicate | None) -> frozenset[str] | None:
    """The values of PRODUCT that a predicate lets through, as far as its outermost `And` says; null means any."""
    match predicate:
        case Compare("PRODUCT", Operator.EQUAL, literal, True):
            return frozenset({str(literal)})
        case In("PRODUCT", literals):
            return frozenset(map(str, literals))
        case And(parts):
            sets = [values for part in parts if (values := admitted(part)) is not None]
            return frozenset.intersection(*sets) if sets else None
        case _:
            return None


def require_public(
    schema: Schema, freshness: dict[str, Freshness], feature_type: FeatureType, predicate: Predicate | None, day: date
) -> None:
    """Raise `Withdrawn` when the question could be answered only with rows of a withdrawn dataset missing from it."""
    values = admitted(predicate)
    datasets = {dataset.id: dataset for dataset in schema.datasets}
    touched = [product for product in schema.products if feature_type.qualified in (product.feature_type, *product.tables)]
    parts = [product for product in touched if product.value is not None] or touched  # a whole product is its parts
    for product in parts:
        if values is not None and product.value is not None and product.value not in values:
            continue
        for name in product.datasets:
            dataset = datasets[name]
            if state(dataset, freshness.get(name), day) is DatasetState.WITHDRAWN:
                raise Withdrawn(reason(dataset, freshness.get(name), day))
