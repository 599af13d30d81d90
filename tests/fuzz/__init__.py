"""Fuzzing of everything that reads bytes of others: targets, two engines, and the corpus that the tests replay."""
