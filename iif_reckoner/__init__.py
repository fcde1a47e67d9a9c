"""What a Primary Care Network earns from the Investment and Impact Fund, exactly."""

__version__ = "0.1.0"
