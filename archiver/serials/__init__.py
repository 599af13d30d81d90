"""From text to description: masthead, articles, calendars, romanisation."""
