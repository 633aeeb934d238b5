"""What ails an installation, and what to do about it; looks only, changes nothing."""
