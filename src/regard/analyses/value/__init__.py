"""What customers will buy and are worth, where nobody says that they leave."""
