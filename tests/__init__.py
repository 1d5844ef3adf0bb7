"""The tests; a package, because one of our dependencies installs a package of the same name."""
