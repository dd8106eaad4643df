"""Broken packages by the thousand: what is spoilt, what must be reported, and where.

Each module yields the faults of one class. Every fault spoils a fresh copy of the small package of
`tests/conftest.py`; `judging` puts it before `scrdata validate`, `racing` does so for many, each in a
bounded time, and `table` prints what became of them. `tests/broken/` holds the cases that somebody
thought of one by one; here stand those that follow from a list: of properties, types, constraints,
lines, members, kinds of file.
"""
