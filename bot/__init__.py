"""THE PROCESS: wiring, clock, polling, sending, what is due."""
