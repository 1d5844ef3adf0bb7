"""CONTRACT A.4 and the rules on delivery numbers, row by row: real broken deliveries through the real pipeline.

Every world begins with good registers of `DAY`; record 20 of each daily register ends that day by its own date. What is public is
read from the release, what became of a delivery from the report of the job. What the gate does: test_contract_gate.py.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from etl.intake import Fate, Outcome
from schedules.jobs import Exit, JobReport
from tests.etl.deliveries import (
    ATTESTS,
    CLAIMS,
    DAY,
    DECISIONS,
    GONE,
    NEXT,
    PARAMETERS,
    PERSON,
    Record,
    World,
    houses,
    municipality,
    number_of,
    record,
    register,
    restate,
    rule,
)

BROKEN_JSON = b'{"besluitId": "BO-2025-0000007", "eigenaars": [{"insz": "85073003328"'


def outcome(report: JobReport, dataset: str = DECISIONS) -> Outcome:
    (found,) = (outcome for outcome in report.outcomes if outcome.dataset == dataset)
    return found


def tomorrow() -> list[Record]:
    """Decisions of the day after: 1 is lifted, 21 is new, and 20 is not delivered any more."""
    return [*register(DECISIONS, record(DECISIONS, 1, {"opgehevenOp": NEXT.isoformat()}))[:-1], record(DECISIONS, 21)]


# Row 1: refused whole


def another_digest(folder: Path) -> None:
    restate(folder, sha256="0" * 64)


def one_too_many(folder: Path) -> None:
    restate(folder, aantal=21)


def one_too_few(folder: Path) -> None:
    restate(folder, aantal=19)


def another_dataset(folder: Path) -> None:
    restate(folder, dataset=ATTESTS)


def another_day(folder: Path) -> None:
    restate(folder, peildatum="2026-11-19")


def no_file(folder: Path) -> None:
    (folder / f"{DECISIONS}.jsonl").unlink()


def no_statement(folder: Path) -> None:
    (folder / "levering.json").write_text("{", "utf-8")


def the_number_of_yesterday(folder: Path) -> None:
    restate(folder, volgnummer=number_of(DAY))


def a_number_from_before(folder: Path) -> None:
    restate(folder, volgnummer=1)


def mutations_that_skip_a_number(folder: Path) -> None:
    restate(folder, soort="mutaties", volgnummer=number_of(DAY) + 2)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (another_digest, "delivery.sha256 in besluiten.jsonl:"),
        (one_too_many, "delivery.count in besluiten.jsonl: 20 records, levering.json says 21"),
        (one_too_few, "delivery.count in besluiten.jsonl: more records than the 19"),
        (another_dataset, "delivery.dataset in levering.json:"),
        (another_day, "delivery.day in levering.json:"),
        (no_file, "delivery.file in besluiten.jsonl:"),
        (no_statement, "delivery.json in levering.json"),
        (the_number_of_yesterday, "delivery.number:"),
        (a_number_from_before, "delivery.number:"),
        (mutations_that_skip_a_number, "delivery.number: mutations have number 21; expected is 20"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_a_broken_delivery_is_refused_whole_and_yesterday_goes_on_minus_what_has_ended(
    world: World, fault: Callable[[Path], None], reason: str
) -> None:
    fault(world.deliver(DECISIONS, NEXT, tomorrow()))
    report = world.run(NEXT)
    assert report.exit == Exit.FAILED
    assert outcome(report).fate is Fate.REFUSED
    assert outcome(report).reasons[0].startswith(reason)
    assert world.public(DECISIONS, NEXT) == houses(19)
    assert world.public(ATTESTS, NEXT) == houses(19)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (BROKEN_JSON, "delivery.json"),
        (b"", "delivery.json"),
        (b'{"besluitId": "\xff\xfe"}', "delivery.encoding"),
        (b"[" * 2_000_000, "delivery.line"),
    ],
    ids=["cut off", "blank", "no UTF-8", "endless"],
)
def test_a_line_that_is_no_json_refuses_the_delivery_with_file_and_line_and_without_the_line(world: World, line: bytes, code: str) -> None:
    records: list[object] = list(tomorrow())
    world.deliver(DECISIONS, NEXT, [*records[:6], line, *records[6:]])
    report = world.run(NEXT)
    assert outcome(report).fate is Fate.REFUSED
    assert outcome(report).reasons[0].startswith(f"{code} in besluiten.jsonl, line 7:")
    assert PERSON["insz"] not in repr(report)
    assert world.public(DECISIONS, NEXT) == houses(19)


def test_a_truncated_gzip_refuses_the_delivery(world: World) -> None:
    folder = world.deliver(DECISIONS, NEXT, tomorrow(), packed=True)
    path = folder / f"{DECISIONS}.jsonl.gz"
    cut = path.read_bytes()[:-200]
    path.write_bytes(cut)
    restate(folder, sha256=hashlib.sha256(cut).hexdigest())
    report = world.run(NEXT)
    assert report.exit == Exit.FAILED
    assert outcome(report).reasons[0].startswith("delivery.gzip in besluiten.jsonl.gz:")
    assert world.public(DECISIONS, NEXT) == houses(19)


def test_a_gzip_that_is_whole_is_taken_in(world: World) -> None:
    world.deliver(DECISIONS, NEXT, tomorrow(), packed=True)
    assert world.run(NEXT).exit == Exit.DONE
    assert world.public(DECISIONS, NEXT) == houses(21, 1, 20)


def test_the_same_number_with_other_content_is_refused_on_the_same_day(world: World) -> None:
    world.deliver(DECISIONS, DAY, tomorrow())
    report = world.run(DAY)
    assert outcome(report).fate is Fate.REFUSED
    assert world.public(DECISIONS, DAY) == houses(20)


def test_a_refused_delivery_leaves_no_number_behind_so_that_it_may_come_again_mended(world: World) -> None:
    folder = world.deliver(DECISIONS, NEXT, tomorrow())
    restate(folder, aantal=21)
    assert world.run(NEXT).exit == Exit.FAILED
    restate(folder, aantal=20)
    assert world.run(NEXT).exit == Exit.DONE
    assert world.public(DECISIONS, NEXT) == houses(21, 1, 20)


# Row 2: a field that the contract does not know

UNKNOWN = {
    ATTESTS: ["nieuw", "adres.verdieping", "entiteit.oppervlakte", "positie.z"],
    DECISIONS: ["ontvanger", "adres.land", "entiteit.capakey"],
    CLAIMS: ["verjaartOp", "adressen.0.verdieping", "pand.capakey", "positie.nauwkeurigheid"],
}


def test_a_field_that_the_contract_does_not_know_holds_the_delivery_and_passes_nothing_on(world: World) -> None:
    for dataset, paths in UNKNOWN.items():
        others = [record(dataset, number, {path: PERSON["insz"]}) for number, path in enumerate(paths, start=1)]
        world.deliver(dataset, NEXT, [*register(dataset, *others), record(dataset, 21)])
    report = world.run(NEXT)
    assert report.exit == Exit.HELD
    for dataset, paths in UNKNOWN.items():
        assert outcome(report, dataset).fate is Fate.HELD
        assert outcome(report, dataset).reasons == tuple(sorted(f"field.unknown:{path.replace('.0', '[]')}" for path in paths))
        assert world.public(dataset, NEXT) == houses(19)


def test_a_field_that_the_contract_does_not_know_in_a_rule_holds_the_parameters(world: World) -> None:
    world.deliver(PARAMETERS, NEXT, register(PARAMETERS, municipality("44021", rule(1), rule(2, {"waarde.boete": 5, "reden": "x"}))))
    report = world.run(NEXT, "monthly")
    assert outcome(report, PARAMETERS).reasons == ("field.unknown:regels[].reden", "field.unknown:regels[].waarde.boete")
    assert {row["NISCODE"]: row["AANTREGELS"] for row in world.rows(PARAMETERS, NEXT)}["44021"] == 1


def test_the_name_of_an_unknown_field_is_not_repeated_when_it_could_hold_a_value(world: World) -> None:
    world.deliver(DECISIONS, NEXT, register(DECISIONS, record(DECISIONS, 3, {PERSON["insz"]: True})))
    report = world.run(NEXT)
    assert outcome(report).reasons == ("field.unknown:(name withheld)",)


def test_an_unknown_field_inside_a_personal_one_is_dropped_with_it(world: World) -> None:
    inside = {
        "beroep": {"uitspraak": "verworpen", "advocaat": PERSON["achternaam"], "insz": PERSON["insz"]},
        "eigenaars": [{"partner": PERSON}],
    }
    world.deliver(DECISIONS, NEXT, register(DECISIONS, record(DECISIONS, 3, inside)))
    assert world.run(NEXT).exit == Exit.DONE
    assert world.public(DECISIONS, NEXT) == houses(19)


# Row 3: a record that breaks its schema; row 4: a text that looks personal. Many records, each with one fault, in one delivery.

SCHEMA: dict[str, list[tuple[str, object, str]]] = {
    ATTESTS: [
        ("afgiftedatum", "2024-13-01", "schema.date"),
        ("afgiftedatum", "2024-W09-5", "schema.date"),
        ("afgiftedatum", 20240301, "schema.type"),
        ("geldigTot", "31/12/2034", "schema.date"),
        ("geldigTot", None, "schema.required"),
        ("vervallenOp", "gisteren", "schema.date"),
        ("gewijzigdOp", "eergisteren", "schema.date"),
        ("entiteit", "E0000001", "schema.type"),
        ("entiteit.entiteitId", GONE, "schema.required"),
        ("entiteit.gebouwId", "800001", "schema.type"),
        ("entiteit.gebouweenheidId", True, "schema.type"),
        ("adres", None, "schema.required"),
        ("adres", [], "schema.type"),
        ("adres.adresId", 1.5, "schema.type"),
        ("adres.straatnaam", 12, "schema.type"),
        ("adres.straatnaam", "x" * 81, "schema.length"),
        ("adres.straatnaam", "Attest\u0007laan", "schema.characters"),
        ("adres.huisnummer", 12, "schema.type"),
        ("adres.huisnummer", "", "schema.required"),
        ("adres.postcode", "0900", "schema.pattern"),
        ("adres.postcode", "9000 Gent", "schema.pattern"),
        ("adres.niscode", "21004", "municipality.unknown"),
        ("adres.niscode", "4402", "schema.pattern"),
        ("positie", "hier", "schema.type"),
        ("positie.x", "104000", "schema.type"),
        ("positie.crs", 31370, "schema.type"),
    ],
    DECISIONS: [
        ("aard", "bouwvallig", "schema.code"),
        ("aard", None, "schema.required"),
        ("inventarisatiedatum", "2025-02-30", "schema.date"),
        ("opgehevenOp", "2026-11-21T00:00:00", "schema.date"),
        ("beroep", {"uitspraak": "hangende"}, "schema.code"),
        ("entiteit.entiteitId", 7, "schema.type"),
    ],
    CLAIMS: [
        ("status", "onbekend", "schema.code"),
        ("opgemaaktOp", "1 juni 2023", "schema.date"),
        ("adressen", [], "address.missing"),
        ("adressen", {"straatnaam": "Vorderingsweg"}, "schema.type"),
        ("adressen.0", "Vorderingsweg 3", "schema.type"),
        ("adressen.0.postcode", None, "schema.required"),
        ("pand.pandId", GONE, "schema.required"),
        ("uitvoeringVastgesteldOp", 1, "schema.type"),
    ],
}

STRANGE = [
    ("85073003328", "personal.insz"),
    ("85.07.30-033.28", "personal.insz"),
    ("85473003317", "personal.bis"),
    ("0202239951", "personal.kbo"),
    ("BE0202.239.951", "personal.kbo"),
    ("BE71 0961 2345 6769", "personal.iban"),
    ("jan@voorbeeld.be", "personal.email"),
    ("0470 12 34 56", "personal.phone"),
    ("+32470123456", "personal.phone"),
    ("12345678901", "personal.digits"),
    ("=1+1", "text.formula"),
    ("+1", "text.formula"),
    ("-1", "text.formula"),
    ("@A1", "text.formula"),
]
WORDS = ["bij Peeters", "Jan", "t.a.v. Els", "app Janssens", "2 (Maes)", "wed. Claes"]
NEUTRAL = ["glvl", "app A", "links", "2.1", "Rechts achter", "0101", "A", "bus 3", "verd. 2"]
LENGTHS = {"straatnaam": 80, "huisnummer": 11, "busnummer": 35, "gemeentenaam": 40}


def strange() -> list[tuple[str, object, str]]:
    """Personal values of each kind in each text field of an address, as far as they fit."""
    found: list[tuple[str, object, str]] = [
        (field, value, code) for field, most in LENGTHS.items() for value, code in STRANGE if len(value) <= most
    ]
    found += [("straatnaam", f"Attestlaan {PERSON['insz']}", "personal.insz"), ("adresId", int(str(PERSON["insz"])), "personal.insz")]
    return found + [
        (field, word, "address.unknown-word") for field in ("huisnummer", "busnummer") for word in WORDS if len(word) <= LENGTHS[field]
    ]


def cases(dataset: str) -> list[tuple[str, object, str]]:
    """Path, value and code of the finding; the record's number is the place in the list, from 1."""
    prefix = {ATTESTS: "adres.", DECISIONS: "adres.", CLAIMS: "adressen.0."}[dataset]
    own = {ATTESTS: [("entiteit.gebouwId", 85073003328, "personal.insz")]}.get(dataset, [])
    return SCHEMA[dataset] + [(prefix + path, value, code) for path, value, code in strange()] + own


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, JobReport]:
    """Registers of 1000, all good on `DAY`; on `NEXT` each case is one broken record."""
    world = World(tmp_path_factory.mktemp("broken"))
    for dataset in SCHEMA:
        world.deliver(dataset, DAY, register(dataset, size=1000))
    assert world.run(DAY).exit == Exit.DONE
    for dataset in SCHEMA:
        ends = [record(dataset, number, {path: value}) for number, (path, value, _) in enumerate(cases(dataset), start=1)]
        world.deliver(dataset, NEXT, [*ends, *register(dataset, size=1000)[len(ends) :]])
    return world, world.run(NEXT)


@pytest.mark.parametrize("dataset", SCHEMA)
def test_a_broken_or_personal_record_is_kept_out_and_public_in_no_version_yesterdays_included(
    broken: tuple[World, JobReport], dataset: str
) -> None:
    world, report = broken
    assert report.exit == Exit.DONE
    assert outcome(report, dataset).fate is Fate.ACCEPTED
    assert world.public(dataset, DAY) == set(), "the release of the next day knows nothing of the day before"
    assert world.public(dataset, NEXT) == houses(999, *range(1, len(cases(dataset)) + 1))


@pytest.mark.parametrize("dataset", SCHEMA)
def test_what_keeps_a_record_out_is_a_finding_with_rule_field_and_record_number(broken: tuple[World, JobReport], dataset: str) -> None:
    tallies = outcome(broken[1], dataset).findings
    for number, (path, _, code) in enumerate(cases(dataset), start=1):
        found = [tally for tally in tallies if number in tally.records]
        assert code in {tally.rule for tally in found}, (path, code, found)
        assert {first(tally.field) for tally in found} == {first(path)}


def first(path: str) -> str:
    return path.partition(".")[0].removesuffix("[]")


def test_no_finding_holds_a_value(broken: tuple[World, JobReport]) -> None:
    world, report = broken
    ledger = world.installation(NEXT).store.ledger
    kept = [ledger.findings(entry.id) for dataset in SCHEMA if (entry := ledger.last_accepted(dataset))]
    shown = repr((report.outcomes, kept))
    values = [value for dataset in SCHEMA for _, value, _ in cases(dataset) if isinstance(value, str) and len(value) > 5]
    assert [value for value in values if value in shown] == []
    assert sum(len(tallies) for tallies in kept) > 50


def test_a_fault_in_a_field_that_b_does_not_use_is_noted_and_keeps_nothing_out(world: World) -> None:
    changes = {"besluitdatum": "onbekend", "rechtsgrond": "XYZ"}
    world.deliver(DECISIONS, NEXT, register(DECISIONS, record(DECISIONS, 3, changes)))
    report = world.run(NEXT)
    assert report.exit == Exit.DONE
    assert {(tally.rule, tally.field, tally.effect.value) for tally in outcome(report).findings} == {
        ("schema.date", "besluitdatum", "note"),
        ("schema.code", "rechtsgrond", "note"),
    }
    assert world.public(DECISIONS, NEXT) == houses(19)


def test_a_fault_inside_a_personal_field_never_keeps_a_record_out(world: World) -> None:
    personal = ("dossiernummer", "schrappingsreden", "gebreken", "eigenaars", "bewoners", "technischVerslag", "opmerking", "entiteit.aard")
    values = [None, 5, True, PERSON["insz"], "\u0000\u0007", [], [[[]]], {"x": {"y": []}}, 1e308, {"": None}]
    others = [record(DECISIONS, number, dict.fromkeys(personal, value)) for number, value in enumerate(values, start=1)]
    others.append(record(DECISIONS, 11, dict.fromkeys(personal, GONE)))
    world.deliver(DECISIONS, NEXT, register(DECISIONS, *others))
    report = world.run(NEXT)
    assert (report.exit, outcome(report).findings) == (Exit.DONE, ())
    assert world.public(DECISIONS, NEXT) == houses(19)


def test_neutral_words_in_a_box_number_are_published(world: World) -> None:
    others = [record(DECISIONS, number, {"adres.busnummer": word}) for number, word in enumerate(NEUTRAL, start=1)]
    world.deliver(DECISIONS, NEXT, register(DECISIONS, *others))
    report = world.run(NEXT)
    assert (report.exit, outcome(report).findings) == (Exit.DONE, ())
    assert {row["BUSNR"] for row in world.rows(DECISIONS, NEXT)} == {*NEUTRAL, None}


def test_a_personal_value_in_one_of_many_addresses_keeps_the_whole_pand_out(world: World) -> None:
    good = record(CLAIMS, 3)["adressen"][0]
    world.deliver(CLAIMS, NEXT, register(CLAIMS, record(CLAIMS, 3, {"adressen": [good, good | {"busnummer": "bij Peeters"}]})))
    report = world.run(NEXT)
    assert report.exit == Exit.DONE
    assert world.public(CLAIMS, NEXT) == houses(19, 3)
    assert "3" not in {row["HUISNR"] for row in world.rows("RegisterHerstelvorderingen_Adressen", NEXT)}


# Row 4 in `parameters`: the rule is kept out, not the municipality; row 5: links

BAD_RULES: list[tuple[dict[str, object], str]] = [
    ({"toepassing.tekst": f"bel {PERSON['telefoon']}"}, "personal.phone"),
    ({"toepassing.gebied": f"wijk van {PERSON['insz']}"}, "personal.insz"),
    ({"waarde.tekst": f"storten op {PERSON['rekeningnummer']}"}, "personal.iban"),
    ({"waarde.tekst": f"mail {PERSON['email']}"}, "personal.email"),
    ({"waarde.tekst": "=SUM(A1)"}, "text.formula"),
    ({"soort": "geheim"}, "schema.code"),
    ({"vanaf": "2020-31-12"}, "schema.date"),
    ({"waarde": {"jaren": "vijf"}}, "schema.type"),
    ({"toepassing.bouwjaarVoor": "1970"}, "schema.type"),
    ({"regelId": GONE}, "schema.required"),
]


def test_a_bad_rule_is_kept_out_and_not_the_municipality(world: World) -> None:
    rules = [rule(number, changes) for number, (changes, _) in enumerate(BAD_RULES, start=2)]
    world.deliver(PARAMETERS, NEXT, register(PARAMETERS, municipality("44021", rule(1), *rules)))
    report = world.run(NEXT, "monthly")
    assert report.exit == Exit.DONE
    found = Counter({tally.rule: 0 for tally in outcome(report, PARAMETERS).findings})
    for tally in outcome(report, PARAMETERS).findings:
        found[tally.rule] += tally.count
    assert found == Counter(code for _, code in BAD_RULES)
    assert {row["NISCODE"]: row["AANTREGELS"] for row in world.rows(PARAMETERS, NEXT)}["44021"] == 1
    assert len(world.rows(PARAMETERS, NEXT)) == 12


def test_a_municipality_that_breaks_its_schema_is_kept_out_whatever_its_rules_are(world: World) -> None:
    bad = municipality("44021", rule(1), rule(2, {"soort": "geheim"})) | {"gemeentenaam": 5}
    world.deliver(PARAMETERS, NEXT, register(PARAMETERS, bad))
    report = world.run(NEXT, "monthly")
    assert report.exit == Exit.DONE
    assert "44021" not in {row["NISCODE"] for row in world.rows(PARAMETERS, NEXT)}


LINKS: list[tuple[str, str | None]] = [
    ("www.stad.example/reglement", "https://www.stad.example/reglement"),
    ("http://www.stad.example/a b", None),
    ("ftp://stad.example/reglement", None),
    ("reglement", None),
    ("https://www.stad.example/20240301123", "https://www.stad.example/20240301123"),
    (f"https://www.stad.example/{PERSON['insz']}", None),
    (f"https://www.stad.example/?mail={PERSON['email']}", None),
    ("javascript:alert(1)", None),
]


def test_a_bad_link_is_dropped_and_its_rule_stays(world: World) -> None:
    rules = [rule(number, {"publicatie": link, "toepassing.tekst": link[:3] + str(number)}) for number, (link, _) in enumerate(LINKS)]
    world.deliver(PARAMETERS, NEXT, register(PARAMETERS, municipality("44021", *rules)))
    report = world.run(NEXT, "monthly")
    assert report.exit == Exit.DONE
    bad = [link for link, published in LINKS if published is None]
    assert sum(tally.count for tally in outcome(report, PARAMETERS).findings) == len(bad)
    assert {tally.effect.value for tally in outcome(report, PARAMETERS).findings} == {"drop_value"}
    published = [row["LINK1"] for row in world.rows("WoningkwaliteitsbeleidRegels", NEXT) if row["NISCODE"] == "44021"]
    assert Counter(published) == Counter(link for _, link in LINKS)


# Row 6: a certificate that is older than a current decision on the same dwelling


@pytest.mark.parametrize(
    ("issued", "listed", "lifted", "waits"),
    [
        ("2024-03-01", "2025-05-02", None, True),
        ("2025-05-02", "2025-05-02", None, False),
        ("2025-05-03", "2025-05-02", None, False),
        ("2024-03-01", "2025-05-02", NEXT.isoformat(), False),
        ("2024-03-01", "2026-11-22", None, False),
    ],
    ids=["issued before", "issued on the day", "issued after", "decision lifted", "decision to come"],
)
def test_a_certificate_issued_before_a_current_decision_waits_and_the_decision_is_public(
    world: World, issued: str, listed: str, lifted: str | None, waits: bool
) -> None:
    about = {"entiteit.entiteitId": "E0000003", "inventarisatiedatum": listed, "opgehevenOp": lifted}
    world.deliver(ATTESTS, NEXT, register(ATTESTS, record(ATTESTS, 3, {"afgiftedatum": issued})))
    world.deliver(DECISIONS, NEXT, register(DECISIONS, record(DECISIONS, 3, about)))
    report = world.run(NEXT)
    assert report.exit == Exit.DONE
    assert world.public(ATTESTS, NEXT) == houses(19, *([3] if waits else []))
    assert ("3" in world.public(DECISIONS, NEXT)) == (lifted is None and listed <= NEXT.isoformat())
    assert report.waiting == ({(ATTESTS, "certificate.declared-unfit-since"): 1} if waits else {})


def test_a_certificate_that_waited_is_public_when_the_decision_has_gone(world: World) -> None:
    world.deliver(DECISIONS, NEXT, register(DECISIONS, record(DECISIONS, 3, {"entiteit.entiteitId": "E0000003"})))
    assert world.run(NEXT).waiting
    assert "3" not in world.public(ATTESTS, NEXT)
    later = NEXT.replace(day=22)
    world.deliver(DECISIONS, later, register(DECISIONS))
    assert not world.run(later).waiting
    assert "3" in world.public(ATTESTS, later)


def test_the_example_of_a_finding_shows_where_it_is_and_nothing_else(world: World) -> None:
    world.deliver(DECISIONS, NEXT, register(DECISIONS, record(DECISIONS, 3, {"adres.busnummer": "bij Vrxkboermans"})))
    (tally,) = outcome(world.run(NEXT)).findings
    assert (tally.rule, tally.field, tally.effect.value, tally.count, tally.records) == (
        "address.unknown-word",
        "adres.busnummer",
        "keep_out",
        1,
        (3,),
    )
