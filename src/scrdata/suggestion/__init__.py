"""Rules that a package seems to obey and does not state: looked for, weighed, worded, and never accepted.

`series` makes the totals, `agreements`, `partitions` and `subsets` hold them against one another,
`surprise` weighs what holds, `statements` drops what is stated already, `proposals` puts it together.
Only structural partitions are tried: rows that share a key, columns that stand together. No subset of
rows or columns is searched for because it happens to add up.
"""
