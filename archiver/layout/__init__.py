"""Layout documents: ALTO, PAGE and hOCR read into one model, their text with its places, and ALTO written."""
