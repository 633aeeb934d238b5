"""Ways in from outside, each opened where its settings are given; `bot.serving` puts them together."""
