"""Failing checks to the smallest set of cells, rows or mentions to doubt: error localisation.

The idea is that of Fellegi and Holt (1976): change as little as possible so that everything holds.
What counts is not the number of changes but their weight, which grows with what speaks for the
number as it stands.
"""
