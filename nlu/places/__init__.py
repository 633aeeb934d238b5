"""Places: names and points to kalurahan, kapanewon and kabupaten."""

from nlu.places.gazetteer import Gazetteer

__all__ = ["Gazetteer"]
