"""What should a human look at twice? Signals with an explanation; none ever refuses."""
