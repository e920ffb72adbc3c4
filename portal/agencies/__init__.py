"""What agencies register and are asked, their quality, their agreements."""
