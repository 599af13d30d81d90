"""Corrections by the archivist: found beside the deposit, read, applied to what was read of an issue, and recorded.

`places` finds and loads a corrections file, `reading` reads its bytes, `describing` describes an issue as corrected,
`applying` applies corrections to a described issue, `judging` brings the outcomes of a deposit together, and
`recording` says what was done: events, notes, and the file that is kept.
"""
