"""Web parts that every page shares: layout, charts, figures, formats. Django starts here."""
