"""The rules. Pure: no clock, no input or output, no Temporal, no tables; the same question gets the same answer."""
