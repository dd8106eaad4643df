"""A release: a folder with a package in all formats and standards, built whole or not at all."""
