"""What the annotate page shows, as plain dataclasses: rows of the article, the card, its parts, its changes."""
