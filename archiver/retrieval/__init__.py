"""Files from the web, by http and https, only when asked: connection, download, and what is kept between runs."""
