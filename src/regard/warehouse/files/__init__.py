"""Files of interactions: read in any usual form, in bounded memory, into rows on their way in."""
