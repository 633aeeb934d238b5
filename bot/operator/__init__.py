"""The staff's desk in Telegram, through python-telegram-bot, which is imported nowhere else."""

import os

# The library gives times as numbers and warns about it unless told that the caller is ready for timedeltas.
os.environ.setdefault("PTB_TIMEDELTA", "true")
