"""The catalogue of numbers and the one way to them: `regard.metrics.compute.compute`."""
