"""What is committed: no hosts of registries, no paths of a machine, and every dependency has its reason."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.architecture.sources import MODULES, PACKAGES, product

REGISTRIES = [
    ".".join(labels)
    for labels in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("crates", "io"),
        ("golang", "org"),
        ("maven", "org"),
        ("debian", "org"),
    )
]
MACHINE_PATH = re.compile(r"(?<![\w./:$}*-])/(?:home|root|Users|work)/\w")
NEEDED_WITHOUT_IMPORT = {"httptools": "uvicorn", "setuptools": "make setup", "tzdata": "zoneinfo", "uvloop": "uvicorn"}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def asked(path: Path) -> list[str]:
    lines = [line.strip() for line in path.read_text("utf-8").splitlines()]
    return [normal(re.split(r"[\[<>=~; ]", line)[0]) for line in lines if line and not line.startswith(("#", "-"))]


def pins(path: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([a-z0-9-]+)==(\S+)", path.read_text("utf-8"), re.MULTILINE):
        found.setdefault(name, set()).add(version)
    return found


@pytest.fixture(scope="module")
def committed(root: Path) -> list[Path]:
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
    return [path for name in listed.split("\0") if name and (path := root / name).is_file()]


def test_no_file_names_a_registry_host_or_a_path_of_a_machine(root: Path, committed: list[Path]) -> None:
    assert len(committed) > 50
    faults = []
    for path in committed:
        text = path.read_bytes().decode("utf-8", errors="replace")
        faults += [f"{path.relative_to(root)}: {host}" for host in REGISTRIES if host in text]
        faults += [f"{path.relative_to(root)}: {match[0]}" for match in MACHINE_PATH.finditer(text)]
    assert faults == []


@pytest.mark.parametrize("name", ["requirements", "requirements-dev", "requirements-node"])
def test_a_lock_has_hashes_no_host_and_everything_that_was_asked(root: Path, name: str) -> None:
    text = (root / f"{name}.txt").read_text("utf-8")
    assert "//" not in text
    assert not re.search(r"^--", text, re.MULTILINE)
    assert all("--hash=sha256:" in entry for entry in re.split(r"\n(?=\S)", text.strip()))
    assert set(asked(root / f"{name}.in")) <= set(pins(root / f"{name}.txt"))


def test_both_locks_agree(root: Path) -> None:
    runtime, checks = pins(root / "requirements.txt"), pins(root / "requirements-dev.txt")
    assert {name: versions for name, versions in checks.items() if not versions <= runtime.get(name, versions)} == {}


@pytest.mark.parametrize(("name", "heading"), [("requirements", "Runtime"), ("requirements-dev", "Checks")])
def test_every_dependency_has_its_reason(root: Path, name: str, heading: str) -> None:
    section = (root / "docs" / "dependencies.md").read_text("utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| `([^`]+)` \| (.+) \|$", section, re.MULTILINE)
    assert [normal(package.partition("[")[0]) for package, _ in rows] == asked(root / f"{name}.in")
    assert all(len(reason) > 10 for _, reason in rows)


def test_the_lock_of_the_map_has_digests_and_no_host_and_each_package_its_reason(root: Path) -> None:
    lock, asked_for = (json.loads((root / "map" / name).read_text("utf-8")) for name in ("package-lock.json", "package.json"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    assert "://" not in json.dumps(lock)
    assert all(entry["integrity"].startswith("sha512-") and "resolved" not in entry for entry in packages.values())
    section = (root / "docs" / "dependencies.md").read_text("utf-8").split("## The map\n")[1].split("\n## ")[0]
    told = set(re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE))
    assert told == {*asked_for["dependencies"], *asked_for["devDependencies"], *asked(root / "requirements-node.in")}


def test_the_code_imports_what_was_asked_and_nothing_else(root: Path) -> None:
    ours = {*PACKAGES, *(name.removesuffix(".py") for name in MODULES)}
    imported = {name.partition(".")[0] for module in product() for name in module.imports()}
    owners = packages_distributions()
    used = {normal(owners[name][0]) if name in owners else name for name in imported - ours - sys.stdlib_module_names}
    listed = set(asked(root / "requirements.in"))
    assert used - listed == set()
    assert listed - used - NEEDED_WITHOUT_IMPORT.keys() == set()


def test_a_wheel_holds_every_file_of_the_packages(root: Path, tmp_path: Path, committed: list[Path]) -> None:
    source = tmp_path / "source"
    shipped = [path for path in committed if path.relative_to(root).parts[0] in {*PACKAGES, *MODULES}]
    for path in [*shipped, *(root / name for name in ("pyproject.toml", "requirements.in", "README.md", "LICENSE"))]:
        target = source / path.relative_to(root)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(tmp_path)]
    subprocess.run([sys.executable, "-m", "pip", "wheel", *options, str(source)], check=True, capture_output=True)
    names = set(zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist())
    assert {path.relative_to(root).as_posix() for path in shipped} - names == set()
