"""The homes: what each role sees first, made of figures that come from `regard.metrics.compute`."""
