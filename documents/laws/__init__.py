"""Laws with their versions and repeals."""
