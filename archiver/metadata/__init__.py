"""From the model to XML and back: MODS, PREMIS, METS, and the schemas they are judged by."""
