"""What the OGC's own suites say of a running server, kept and written to docs/conformance.md.

__main__    the command: which suites run, and what is done with what they say
suites      the suites, one small declaration each
suite       what such a declaration holds
artefacts   where a suite comes from: a folder, or Maven
archives    what lies in a suite: files and jars
trial       a suite is run against a server
java        runs a suite for it
packing     what a suite lost when it was packed into one jar
outside     the network as a suite sees it: its own copies of the official schemas, and nothing else
example     a server with the example registers
testng      reads the results of suites that are Java
ctl         reads the results of suites that are TEAM Engine scripts
outcome     one test, and how it ended
results     what is kept of a run
page        the documentation
"""
