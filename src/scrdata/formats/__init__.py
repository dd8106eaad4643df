"""Tables in the formats that their users ask for, one module for each format.

Every format holds the same values: what the strict reader read.
"""
