"""What a maintainer checks before a release."""
