"""Figures put on paper: tables, Markdown, CSV, XLSX and a picture for the phone."""
