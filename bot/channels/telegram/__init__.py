"""The citizen bot on Telegram; the only room aiogram lives in, imported only when the channel is used."""
