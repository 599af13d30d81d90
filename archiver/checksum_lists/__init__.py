"""Depositors' checksum lists: recognised, read and compared with what one read of the deposit found."""
