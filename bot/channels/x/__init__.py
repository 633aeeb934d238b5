"""Citizens who mention the city on X: read from an export, answered by hand."""
