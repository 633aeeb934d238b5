"""What a file proves: its true kind, its marks of time and place, its fingerprint, a copy to pass on."""
