"""Who the customers are: identifiers, the links that join them, traits and accounts."""
