"""The engines that answer questions of the log, one module each."""
