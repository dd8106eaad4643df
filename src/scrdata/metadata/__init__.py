"""What a release says of itself in the words of other standards, one module for each standard.

Everything derives from one `Publication`: the package, and the files that are published of it.
"""
