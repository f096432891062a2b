"""Screenshots of the important screens, for the user guide."""
