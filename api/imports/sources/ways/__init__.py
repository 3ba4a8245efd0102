"""Ways by which tables come by themselves: a folder, SFTP, a view of a database."""
