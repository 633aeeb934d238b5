"""What goes out: delivered in order, its receipts kept, what failed told."""
