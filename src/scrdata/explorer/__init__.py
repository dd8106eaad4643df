"""The page of a release on which people look instead of reading: one file, no network, no framework."""
