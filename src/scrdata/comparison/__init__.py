"""Two versions of a package, compared cell by cell, and the version number that the difference calls for."""
