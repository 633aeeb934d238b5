"""Open311 GeoReport v2 under `/open311/v2/`: what it asks for, in its words, its formats and its errors."""
