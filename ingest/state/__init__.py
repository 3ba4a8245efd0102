"""The state database of a site: connection, transactions, migrations, export."""
