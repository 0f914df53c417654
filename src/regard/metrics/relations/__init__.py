"""The rows that metrics count, by grain: interaction, thread, customer and period."""
