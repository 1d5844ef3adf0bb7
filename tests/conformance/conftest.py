"""Suites of our own making: results as Java's suites and TEAM Engine write them, and programs that stand where Java and Maven would."""

from __future__ import annotations

import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

TESTNG = """<?xml version="1.0" encoding="UTF-8"?>
<testng-results ignored="0" total="5" passed="2" failed="1" skipped="2"><suite name="wfs20-1.43">
<test name="Basic WFS">
 <class name="org.example.GetFeatureTests">
  <test-method name="initParser" status="PASS" is-config="true"/>
  <test-method name="byType" status="PASS"><params><param index="0"><value><![CDATA[GET]]></value></param>
   <param index="1"><value><![CDATA[{https://geo.api.vlaanderen.be/POI}POI]]></value></param></params></test-method>
  <test-method name="byType" status="FAIL"><params><param index="0"><value><![CDATA[POST]]></value></param>
   <param index="1"><value><![CDATA[org.testng.TestRunner@1a2b3c4d]]></value></param></params>
   <exception class="java.lang.AssertionError"><message><![CDATA[Unexpected status
   at http://127.0.0.1:8099/wfs]]></message></exception></test-method>
  <test-method name="inOtherCRS" status="PASS"/>
 </class>
</test>
<test name="Locking WFS">
 <class name="org.example.LockTests"><test-method name="init" status="SKIP" is-config="true"/>
  <test-method name="lock" status="SKIP"/></class>
 <class name="org.example.LockCapabilities">
  <test-method name="implementsLocking" status="SKIP" is-config="true">
   <exception class="org.testng.SkipException"><message><![CDATA[Locking is not implemented.]]></message></exception></test-method>
 </class>
</test>
<test name="Temporal filter">
 <class name="org.example.AfterTests">
  <test-method name="after" status="SKIP"><exception class="org.testng.SkipException">
   <message><![CDATA[Dates without time zone are not supported.]]></message></exception></test-method>
 </class>
</test>
</suite></testng-results>
"""


@pytest.fixture
def testng_file(tmp_path: Path) -> Path:
    file = tmp_path / "testng-results.xml"
    file.write_text(TESTNG, "utf-8")
    return file


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Put Python programs on an otherwise empty PATH, under the names of others."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))

    def put(**sources: str) -> Path:
        for name, source in sources.items():
            (folder / name).write_text(f"#!{sys.executable}\n{source}", "utf-8")
            (folder / name).chmod(stat.S_IRWXU)
        return folder

    return put
