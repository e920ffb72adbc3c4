"""Personal data is erased when its term is over; what was counted stays."""
