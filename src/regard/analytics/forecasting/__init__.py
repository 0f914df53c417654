"""What comes next: series with their seasons carried on, tested on their own past, with intervals that hold."""
