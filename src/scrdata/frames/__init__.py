"""Tables as DataFrames: `loading` makes them, `schemas` judges them with pandera."""
