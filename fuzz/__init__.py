"""Fuzzing: any bytes at all, thrown at each reader."""
