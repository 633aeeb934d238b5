"""Who people are, what they agreed to and asked for, and how they are taken out again."""
