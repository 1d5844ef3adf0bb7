"""From the dataset definitions to the public `Schema` that travels in the release."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from etl.definitions import DatasetDefinition, PublicField
from etl.errors import BadDefinition
from release.schema import Dataset, FeatureType, Field, Product, Schema, Words

ATTRIBUTION = "Bron: {publisher} – {dataset}, toestand {datum}"
STATE = (
    "Toestand op {datum}. Staat een adres er niet op, dan bewijst dat niets. Dit is geen attest of uittreksel. "
    "Een herstelvordering kleeft aan het pand en zegt niets over de huidige eigenaar of bewoner."
)
REUSE = "Adresgegevens kunnen persoonsgegevens zijn; wie ze hergebruikt, is zelf verantwoordelijk en verwijdert wat hier verdwijnt."


def schema(definitions: Sequence[DatasetDefinition], *, publisher: str, contact: str, withdraw_after: Mapping[str, int]) -> Schema:
    """Feature types, products, datasets and words of all definitions; raises `BadDefinition` when two do not agree."""
    types: dict[str, FeatureType] = {}
    for definition in definitions:
        for kind in _feature_types(definition):
            known = types.setdefault(kind.qualified, kind)
            if [(f.name, f.type, f.length) for f in known.fields] != [(f.name, f.type, f.length) for f in kind.fields]:
                raise BadDefinition(f"{definition.id}: the public fields of {kind.qualified} differ from another definition's")
    unknown = set(withdraw_after) - {definition.id for definition in definitions}
    if unknown:
        raise BadDefinition(f"withdraw_after_days names {', '.join(sorted(unknown))}, which no definition has")
    licences = {definition.licence for definition in definitions}
    if len(licences) != 1:
        raise BadDefinition(f"the definitions name {len(licences)} licences; one service has one")
    return Schema(
        feature_types=tuple(types.values()),
        products=tuple(_products(definitions)),
        datasets=tuple(_dataset(definition, withdraw_after) for definition in definitions),
        words=Words(
            attribution=ATTRIBUTION.replace("{publisher}", publisher),
            state=STATE,
            reuse=REUSE,
            licence=licences.pop(),
            publisher=publisher,
            contact=contact,
        ),
    )


def shares_type(definition: DatasetDefinition) -> bool:
    """Whether the feature type tells several products apart by PRODUCT."""
    return any(field.name == "PRODUCT" for field in definition.public)


def _feature_types(definition: DatasetDefinition) -> Iterable[FeatureType]:
    spec = definition.feature_type
    yield FeatureType(
        prefix=spec.prefix,
        name=spec.name,
        namespace=spec.namespace,
        title=spec.title,
        abstract=spec.abstract,
        fields=_fields(definition, definition.public),
        geometry=spec.geometry,
    )
    for table in definition.tables:
        yield FeatureType(
            prefix=spec.prefix,
            name=table.name,
            namespace=spec.namespace,
            title=table.title,
            abstract=table.abstract,
            fields=_fields(definition, table.fields),
        )


def _fields(definition: DatasetDefinition, fields: Iterable[PublicField]) -> tuple[Field, ...]:
    return tuple(
        Field(
            name=field.name,
            type=field.type,
            title=field.title,
            ground=field.ground,
            length=field.length,
            required=field.required,
            codes=definition.code_lists[field.code_list] if field.code_list is not None else (),
            classes=field.classes,
        )
        for field in fields
    )


def _products(definitions: Sequence[DatasetDefinition]) -> Iterable[Product]:
    for definition in definitions:
        spec, kind = definition.product, definition.feature_type
        yield Product(
            id=spec.id,
            title=spec.title,
            abstract=spec.abstract,
            feature_type=f"{kind.prefix}:{kind.name}",
            datasets=(definition.id,),
            uuid=definition.uuid,
            keywords=spec.keywords,
            value=spec.id if shares_type(definition) else None,
            tables=tuple(f"{kind.prefix}:{table.name}" for table in definition.tables),
            symbol=spec.symbol,
            item_pages=spec.item_pages,
        )
    shared = dict.fromkeys(definition.feature_type.product for definition in definitions if shares_type(definition))
    for name in shared:
        yield _whole(name, [d for d in definitions if d.feature_type.product == name])


def _whole(name: str, definitions: Sequence[DatasetDefinition]) -> Product:
    """The product that holds every row of a shared feature type."""
    kind = definitions[0].feature_type
    return Product(
        id=name,
        title=kind.title,
        abstract=kind.abstract,
        feature_type=f"{kind.prefix}:{kind.name}",
        datasets=tuple(definition.id for definition in definitions),
        uuid=kind.uuid,
        keywords=tuple(dict.fromkeys(word for definition in definitions for word in definition.product.keywords)),
        tables=tuple(f"{kind.prefix}:{table.name}" for definition in definitions for table in definition.tables),
    )


def _dataset(definition: DatasetDefinition, withdraw_after: Mapping[str, int]) -> Dataset:
    return Dataset(
        id=definition.id,
        title=definition.title,
        cadence=definition.cadence,
        withdraw_after_days=withdraw_after.get(definition.id, definition.gate.withdraw_after_days),
        legal_ground=definition.legal_ground,
        inspire=definition.inspire,
    )
