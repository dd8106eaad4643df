"""The page on which people look at a package instead of reading it: one file of HTML that needs nothing else."""
