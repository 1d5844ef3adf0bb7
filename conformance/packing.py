"""What a suite lost when it was packed into one jar, put before it on the class path.

Where two of the packed libraries have a list of services under one name, the jar keeps only one list: Apache SIS then knows no projection,
and a run ends with "Default CRS not recognized"; Jersey no longer reads XML answers. And TEAM Engine opens its scripts as files, which they
are not within a jar.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from conformance.archives import Archive

_SIS = "org.apache.sis.internal.referencing.provider"
_JERSEY = "org.glassfish.jersey"

_SERVICES: Mapping[str, Sequence[str]] = {
    # The steps between the reference systems that we serve.
    "org.opengis.referencing.operation.OperationMethod": (
        f"{_SIS}.Affine",
        f"{_SIS}.AxisOrderReversal",
        f"{_SIS}.LongitudeRotation",
        f"{_SIS}.GeographicToGeocentric",
        f"{_SIS}.GeocentricToGeographic",
        f"{_SIS}.Geographic2Dto3D",
        f"{_SIS}.Geographic3Dto2D",
        f"{_SIS}.GeocentricTranslation",
        f"{_SIS}.GeocentricTranslation2D",
        f"{_SIS}.GeocentricTranslation3D",
        f"{_SIS}.PositionVector7Param",
        f"{_SIS}.PositionVector7Param2D",
        f"{_SIS}.PositionVector7Param3D",
        f"{_SIS}.CoordinateFrameRotation",
        f"{_SIS}.CoordinateFrameRotation2D",
        f"{_SIS}.CoordinateFrameRotation3D",
        f"{_SIS}.LambertConformal2SP",
        f"{_SIS}.LambertConformalBelgium",
        f"{_SIS}.PseudoMercator",
    ),
    f"{_JERSEY}.internal.spi.ForcedAutoDiscoverable": (f"{_JERSEY}.jaxb.internal.JaxbAutoDiscoverable",),
    f"{_JERSEY}.internal.inject.InjectionManagerFactory": (f"{_JERSEY}.inject.hk2.Hk2InjectionManagerFactory",),
}


def mend(archives: Sequence[Archive], folder: Path) -> None:
    """Write the lists of services, of what the archives hold, and the scripts to an empty folder."""
    there = {name for archive in archives for name in archive.names}
    for service, providers in _SERVICES.items():
        file = folder / "META-INF" / "services" / service
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("".join(f"{provider}\n" for provider in _held(providers, there)), "utf-8")
    for archive in archives:
        archive.unpack(sorted(filter(_script, archive.names)), folder)


def _held(providers: Sequence[str], there: set[str]) -> Iterator[str]:
    return (provider for provider in providers if f"{provider.replace('.', '/')}.class" in there)


def _script(name: str) -> bool:
    return "/ctl/" in name or name.startswith("com/occamlab/te/scripts/")
